package io.tributary.alert.sigma;

/**
 * A text that a regular expression may look at only so often: what attackers write must not keep the function busy.
 *
 * @see TooManyStepsException
 */
final class BoundedText implements CharSequence {
    private static final int MOST_STEPS = 2_000_000;

    /** The expression is not done in time. */
    static final class TooManyStepsException extends RuntimeException {
        private static final long serialVersionUID = 1;

        TooManyStepsException() {
            super("a regular expression took more than " + MOST_STEPS + " steps", null, false, false);
        }
    }

    private final CharSequence text;
    private int steps;

    BoundedText(CharSequence text) {
        this.text = text;
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public char charAt(int index) {
        if (++steps > MOST_STEPS) {
            throw new TooManyStepsException();
        }
        return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return text.subSequence(start, end);
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
