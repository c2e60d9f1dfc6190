package io.tributary.transform.logtype;

/** placeholder */
final class ApplicationLog implements LogType {
    @Override
    public String source() {
        return "application";
    }

    @Override
    public Parsed write(LogEvent event, Document document) {
        return new Parsed.Rejected("placeholder");
    }
}
