package io.tributary.ocsf;

/**
 * The OCSF classes that logs are normalised to. A class's uid is its category's uid times 1000 plus its own number, an
 * event's {@code type_uid} is the class uid times 100 plus the activity id.
 *
 * @see <a href="https://schema.ocsf.io/1.8.0/classes">OCSF classes</a>
 */
public enum OcsfClass {
    BASE_EVENT(0, "Base Event", "Uncategorized", ""),
    ACCOUNT_CHANGE(
            3001,
            "Account Change",
            "Identity & Access Management",
            "1 Create,2 Enable,3 Password Change,4 Password Reset,5 Disable,6 Delete,7 Attach Policy,8 Detach Policy,"
                    + "9 Lock,10 MFA Factor Enable,11 MFA Factor Disable,12 Unlock"),
    AUTHENTICATION(
            3002,
            "Authentication",
            "Identity & Access Management",
            "1 Logon,2 Logoff,3 Authentication Ticket,4 Service Ticket Request,5 Service Ticket Renew,6 Preauth,"
                    + "7 Account Switch"),
    DETECTION_FINDING(2004, "Detection Finding", "Findings", "1 Create,2 Update,3 Close"),
    NETWORK_ACTIVITY(
            4001, "Network Activity", "Network Activity", "1 Open,2 Close,3 Reset,4 Fail,5 Refuse,6 Traffic,7 Listen"),
    HTTP_ACTIVITY(
            4002,
            "HTTP Activity",
            "Network Activity",
            "1 Connect,2 Delete,3 Get,4 Head,5 Options,6 Post,7 Put,8 Trace,9 Patch"),
    DNS_ACTIVITY(4003, "DNS Activity", "Network Activity", "1 Query,2 Response,6 Traffic"),
    API_ACTIVITY(6003, "API Activity", "Application Activity", "1 Create,2 Read,3 Update,4 Delete");

    /** OCSF {@code activity_id} of an activity that the schema has no number for. */
    public static final int OTHER_ACTIVITY = 99;

    private final int uid;
    private final String caption;
    private final String categoryCaption;
    private final String activities;

    /** @param activities the captions of the activities: number and caption, separated by commas */
    OcsfClass(int uid, String caption, String categoryCaption, String activities) {
        this.uid = uid;
        this.caption = caption;
        this.categoryCaption = categoryCaption;
        this.activities = activities;
    }

    public int uid() {
        return uid;
    }

    public int categoryUid() {
        return uid / 1000;
    }

    public String caption() {
        return caption;
    }

    public String categoryCaption() {
        return categoryCaption;
    }

    /** The schema's name of an activity of this class. */
    public String activityCaption(int activityId) {
        String number = activityId + " ";
        for (String activity : activities.split(",")) {
            if (activity.startsWith(number)) {
                return activity.substring(number.length());
            }
        }
        return activityId == 0 ? "Unknown" : "Other";
    }
}
