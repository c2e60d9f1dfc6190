package io.tributary.transform.logtype;

import io.tributary.json.JsonOutput;
import io.tributary.json.JsonText;
import io.tributary.json.Name;
import io.tributary.ocsf.IpAddress;
import io.tributary.ocsf.OcsfClass;
import io.tributary.ocsf.Severity;
import io.tributary.ocsf.Timestamps;
import java.util.List;

/**
 * CloudTrail events: management, data, Insights and network activity events, as records of a trail in CloudWatch Logs or as
 * EventBridge events "… via CloudTrail". Sign-ins and credentials of STS become Authentication, changes of IAM users,
 * groups, roles, policies and credentials Account Change, all else API Activity.
 *
 * <p>The mapping follows the one that AWS publishes for Security Lake; request and response are kept whole under
 * {@code api}.
 *
 * @see <a href="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html">
 *     Record contents</a>
 */
final class CloudTrail implements LogType {
    private static final Product PRODUCT = Product.aws("CloudTrail", "cloud");

    private static final Name EVENT_VERSION = Name.of("eventVersion");
    private static final Name USER_IDENTITY = Name.of("userIdentity");
    private static final Name EVENT_TIME = Name.of("eventTime");
    private static final Name EVENT_SOURCE = Name.of("eventSource");
    private static final Name EVENT_NAME = Name.of("eventName");
    private static final Name AWS_REGION = Name.of("awsRegion");
    private static final Name SOURCE_IP_ADDRESS = Name.of("sourceIPAddress");
    private static final Name USER_AGENT = Name.of("userAgent");
    private static final Name ERROR_CODE = Name.of("errorCode");
    private static final Name ERROR_MESSAGE = Name.of("errorMessage");
    private static final Name REQUEST_PARAMETERS = Name.of("requestParameters");
    private static final Name RESPONSE_ELEMENTS = Name.of("responseElements");
    private static final Name ADDITIONAL_EVENT_DATA = Name.of("additionalEventData");
    private static final Name REQUEST_ID = Name.of("requestID");
    private static final Name EVENT_ID = Name.of("eventID");
    private static final Name READ_ONLY = Name.of("readOnly");
    private static final Name RESOURCES = Name.of("resources");
    private static final Name EVENT_TYPE = Name.of("eventType");
    private static final Name API_VERSION = Name.of("apiVersion");
    private static final Name RECIPIENT_ACCOUNT_ID = Name.of("recipientAccountId");
    private static final Name SHARED_EVENT_ID = Name.of("sharedEventID");
    private static final Name VPC_ENDPOINT_ID = Name.of("vpcEndpointId");
    private static final Name EVENT_CATEGORY = Name.of("eventCategory");
    private static final Name DETAIL_TYPE = Name.of("detail-type");

    private static final Name TYPE = Name.of("type");
    private static final Name PRINCIPAL_ID = Name.of("principalId");
    private static final Name ARN = Name.of("arn");
    private static final Name ACCOUNT_ID = Name.of("accountId");
    private static final Name ACCESS_KEY_ID = Name.of("accessKeyId");
    private static final Name USER_NAME = Name.of("userName");
    private static final Name INVOKED_BY = Name.of("invokedBy");
    private static final Name IDENTITY_PROVIDER = Name.of("identityProvider");
    private static final Name SESSION_CONTEXT = Name.of("sessionContext");
    private static final Name SESSION_ISSUER = Name.of("sessionIssuer");
    private static final Name ATTRIBUTES = Name.of("attributes");
    private static final Name CREATION_DATE = Name.of("creationDate");
    private static final Name MFA_AUTHENTICATED = Name.of("mfaAuthenticated");
    private static final Name MFA_USED = Name.of("MFAUsed");
    private static final Name SERVICE_EVENT_DETAILS = Name.of("serviceEventDetails");
    private static final Name INSIGHT_DETAILS = Name.of("insightDetails");
    private static final Name RESOURCE_ARN = Name.of("ARN");
    private static final Name ROLE_NAME = Name.of("roleName");
    private static final Name GROUP_NAME = Name.of("groupName");
    private static final Name ROLE_ARN = Name.of("roleArn");
    private static final Name POLICY_ARN = Name.of("policyArn");
    private static final Name POLICY_NAME = Name.of("policyName");
    private static final Name USER_ID = Name.of("userId");
    private static final Name STATUS = Name.of("status");
    private static final Name ASSUMED_ROLE_USER = Name.of("assumedRoleUser");
    private static final Name FEDERATED_USER = Name.of("federatedUser");

    private static final Name LOG_VERSION = Name.of("log_version");
    private static final Name EVENT_CODE = Name.of("event_code");
    private static final Name CORRELATION_UID = Name.of("correlation_uid");
    private static final Name ACTOR = Name.of("actor");
    private static final Name USER = Name.of("user");
    private static final Name SESSION = Name.of("session");
    private static final Name IDP = Name.of("idp");
    private static final Name ACCOUNT = Name.of("account");
    private static final Name UID = Name.of("uid");
    private static final Name UID_ALT = Name.of("uid_alt");
    private static final Name NAME = Name.of("name");
    private static final Name CREDENTIAL_UID = Name.of("credential_uid");
    private static final Name INVOKED_BY_ATTRIBUTE = Name.of("invoked_by");
    private static final Name APP_NAME = Name.of("app_name");
    private static final Name CREATED_TIME = Name.of("created_time");
    private static final Name IS_MFA = Name.of("is_mfa");
    private static final Name ISSUER = Name.of("issuer");
    private static final Name API = Name.of("api");
    private static final Name OPERATION = Name.of("operation");
    private static final Name SERVICE = Name.of("service");
    private static final Name VERSION = Name.of("version");
    private static final Name REQUEST = Name.of("request");
    private static final Name RESPONSE = Name.of("response");
    private static final Name DATA = Name.of("data");
    private static final Name ERROR = Name.of("error");
    private static final Name ERROR_MESSAGE_ATTRIBUTE = Name.of("error_message");
    private static final Name HTTP_REQUEST = Name.of("http_request");
    private static final Name USER_AGENT_ATTRIBUTE = Name.of("user_agent");
    private static final Name SRC_ENDPOINT = Name.of("src_endpoint");
    private static final Name IP = Name.of("ip");
    private static final Name SVC_NAME = Name.of("svc_name");
    private static final Name OWNER = Name.of("owner");
    private static final Name POLICY = Name.of("policy");
    private static final Name STATUS_ID = Name.of("status_id");

    private static final int SUCCESS = 1;
    private static final int FAILURE = 2;

    // activities of API Activity
    private static final int CREATE = 1;
    private static final int READ = 2;
    private static final int UPDATE = 3;
    private static final int DELETE = 4;

    private static final List<String> CREATING = List.of(
            "Create", "Run", "Allocate", "Import", "Generate", "Issue", "Provision", "Request", "Copy", "Upload");
    private static final List<String> READING =
            List.of("Get", "List", "Describe", "Head", "BatchGet", "Lookup", "Search", "Query", "Scan", "Select");
    private static final List<String> UPDATING = List.of(
            "Update",
            "Modify",
            "Put",
            "Set",
            "Add",
            "Attach",
            "Detach",
            "Associate",
            "Disassociate",
            "Enable",
            "Disable",
            "Tag",
            "Untag",
            "Change",
            "Replace",
            "Reset",
            "Authorize",
            "Revoke",
            "BatchUpdate",
            "BatchWrite");
    private static final List<String> DELETING =
            List.of("Delete", "Terminate", "Remove", "Deregister", "Release", "Purge", "BatchDelete", "Destroy");

    /** What the name of an IAM operation has in it that changes who may do what. */
    private static final List<String> ACCOUNTS = List.of(
            "User",
            "Role",
            "Group",
            "Polic",
            "AccessKey",
            "LoginProfile",
            "MFADevice",
            "Password",
            "SSHPublicKey",
            "SigningCertificate",
            "ServiceSpecificCredential");

    // the nodes of the event that is being written
    private JsonText json = new JsonText();
    private int source;
    private int name;
    private int identity;
    private int request;
    private int response;
    private int errorCode;
    private int additional;

    @Override
    public String source() {
        return "cloudtrail";
    }

    @Override
    public List<String> logGroups() {
        return List.of("*cloudtrail*");
    }

    @Override
    public boolean recognises(LogEvent event) {
        JsonText text = event.json();
        if (event.isEventBridge() && text.endsWith(text.find(text.root(), DETAIL_TYPE), "via CloudTrail")) {
            return true;
        }
        int record = event.payload();
        return text.isString(text.find(record, EVENT_VERSION))
                && text.isString(text.find(record, EVENT_TIME))
                && text.isString(text.find(record, EVENT_SOURCE))
                && text.isString(text.find(record, EVENT_ID));
    }

    @Override
    public Parsed write(LogEvent event, Document document) {
        json = event.json();
        int record = event.payload();
        if (record == JsonText.NONE) {
            return new Parsed.Rejected("no CloudTrail record: expected a JSON object"
                    + (json.problem().isEmpty() ? "" : ", found " + json.problem()));
        }
        // in the order in which CloudTrail writes them, which makes each look-up one comparison
        int version = json.find(record, EVENT_VERSION);
        identity = json.find(record, USER_IDENTITY);
        int time = json.find(record, EVENT_TIME);
        source = json.find(record, EVENT_SOURCE);
        name = json.find(record, EVENT_NAME);
        int region = json.find(record, AWS_REGION);
        int address = json.find(record, SOURCE_IP_ADDRESS);
        int userAgent = json.find(record, USER_AGENT);
        errorCode = json.find(record, ERROR_CODE);
        request = json.find(record, REQUEST_PARAMETERS);
        response = json.find(record, RESPONSE_ELEMENTS);
        additional = json.find(record, ADDITIONAL_EVENT_DATA);
        int eventId = json.find(record, EVENT_ID);
        int readOnly = json.find(record, READ_ONLY);
        int resources = json.find(record, RESOURCES);
        int eventType = json.find(record, EVENT_TYPE);
        int account = json.find(record, RECIPIENT_ACCOUNT_ID);
        if (!json.isString(name) && !json.isString(eventType) && !json.isString(eventId)) {
            return new Parsed.Rejected("no CloudTrail record: it has neither eventName, eventType nor eventID");
        }
        long own = Timestamps.parseIso(json, time);
        long eventTime = own == Timestamps.NONE ? event.timestamp() : own;
        OcsfClass ocsfClass = ocsfClass(readOnly);
        JsonOutput out = document.out();
        document.start(ocsfClass, activity(ocsfClass, readOnly), Severity.INFORMATIONAL, eventTime);

        int metadata = document.openMetadata(PRODUCT, event);
        document.uid(event, json, eventId);
        if (own != Timestamps.NONE) {
            document.originalTime(json, time);
        }
        out.text(LOG_VERSION, json, version);
        out.text(EVENT_CODE, json, eventType);
        out.text(TYPE, json, json.find(record, EVENT_CATEGORY));
        out.text(CORRELATION_UID, json, json.find(record, SHARED_EVENT_ID));
        out.closeObject(metadata);
        out.closeObject(document.openCloud(event, json, account, region));

        target(out, ocsfClass);
        actor(out, ocsfClass);
        api(out, record, eventId);
        if (userAgent != JsonText.NONE) {
            int http = out.openObject(HTTP_REQUEST);
            out.text(USER_AGENT_ATTRIBUTE, json, userAgent);
            out.closeObject(http);
        }
        endpoint(out, address, json.find(record, VPC_ENDPOINT_ID));
        if (ocsfClass == OcsfClass.API_ACTIVITY) {
            resources(out, resources);
        }
        out.member(STATUS_ID, failed(record) ? FAILURE : SUCCESS);
        document.unmapped(json);
        return Parsed.WRITTEN;
    }

    // ---- class and activity

    private OcsfClass ocsfClass(int readOnly) {
        if (json.is(source, "signin.amazonaws.com")) {
            return OcsfClass.AUTHENTICATION;
        }
        if (json.is(source, "sts.amazonaws.com")) {
            boolean credentials = json.startsWith(name, "Assume")
                    || json.is(name, "GetSessionToken")
                    || json.is(name, "GetFederationToken");
            return credentials ? OcsfClass.AUTHENTICATION : OcsfClass.API_ACTIVITY;
        }
        if (json.is(source, "iam.amazonaws.com") && !isTrue(readOnly) && changesAccounts()) {
            return OcsfClass.ACCOUNT_CHANGE;
        }
        return OcsfClass.API_ACTIVITY;
    }

    private boolean changesAccounts() {
        if (startsWithAny(READING) || json.startsWith(name, "Generate") || json.startsWith(name, "Simulate")) {
            return false;
        }
        String operation = json.text(name).orElse("");
        for (String part : ACCOUNTS) {
            if (operation.contains(part)) {
                return !operation.contains("InstanceProfile") || operation.contains("Role");
            }
        }
        return false;
    }

    private int activity(OcsfClass ocsfClass, int readOnly) {
        return switch (ocsfClass) {
            case AUTHENTICATION -> authentication();
            case ACCOUNT_CHANGE -> accountChange();
            default -> apiActivity(readOnly);
        };
    }

    private int authentication() {
        if (json.is(name, "ConsoleLogin")) {
            return 1; // Logon
        }
        if (json.is(name, "SwitchRole") || json.is(name, "ExitRole")) {
            return 7; // Account Switch
        }
        return json.is(source, "sts.amazonaws.com") ? 3 /* Authentication Ticket */ : OcsfClass.OTHER_ACTIVITY;
    }

    private int accountChange() {
        if (json.is(name, "ChangePassword")) {
            return 3; // Password Change
        }
        if (json.is(name, "UpdateLoginProfile")) {
            return 4; // Password Reset
        }
        if (json.is(name, "EnableMFADevice")) {
            return 10; // MFA Factor Enable
        }
        if (json.is(name, "DeactivateMFADevice")) {
            return 11; // MFA Factor Disable
        }
        if (json.is(name, "UpdateAccessKey")) {
            int status = json.find(request, STATUS);
            return json.is(status, "Active") ? 2 : json.is(status, "Inactive") ? 5 : OcsfClass.OTHER_ACTIVITY;
        }
        boolean policy = json.endsWith(name, "Policy");
        if (json.startsWith(name, "Attach") || policy && json.startsWith(name, "Put")) {
            return 7; // Attach Policy
        }
        boolean ofPrincipal = json.endsWith(name, "UserPolicy")
                || json.endsWith(name, "RolePolicy")
                || json.endsWith(name, "GroupPolicy");
        if (json.startsWith(name, "Detach") || ofPrincipal && json.startsWith(name, "Delete")) {
            return 8; // Detach Policy
        }
        if (json.startsWith(name, "Create")) {
            return 1; // Create
        }
        return json.startsWith(name, "Delete") ? 6 /* Delete */ : OcsfClass.OTHER_ACTIVITY;
    }

    private int apiActivity(int readOnly) {
        if (isTrue(readOnly) || startsWithAny(READING)) {
            return READ;
        }
        return startsWithAny(CREATING)
                ? CREATE
                : startsWithAny(UPDATING) ? UPDATE : startsWithAny(DELETING) ? DELETE : OcsfClass.OTHER_ACTIVITY;
    }

    private boolean startsWithAny(List<String> prefixes) {
        for (int i = 0; i < prefixes.size(); i++) {
            if (json.startsWith(name, prefixes.get(i))) {
                return true;
            }
        }
        return false;
    }

    private boolean isTrue(int node) {
        return json.kind(node) == JsonText.Kind.TRUE || json.is(node, "true");
    }

    private boolean failed(int record) {
        if (!json.isNull(errorCode) && !json.isEmpty(errorCode)) {
            return true;
        }
        // a sign-in has no errorCode: the event's name, with Success or Failure, is all that it answers
        return json.is(source, "signin.amazonaws.com")
                && (json.is(json.first(response), "Failure")
                        || json.is(json.first(json.find(record, SERVICE_EVENT_DETAILS)), "Failure"));
    }

    // ---- attributes

    /** What an Authentication or Account Change is about. The values stay where they are in request and response, too. */
    private void target(JsonOutput out, OcsfClass ocsfClass) {
        if (ocsfClass == OcsfClass.API_ACTIVITY) {
            return;
        }
        int user = out.openObject(USER);
        boolean known = ocsfClass == OcsfClass.ACCOUNT_CHANGE ? changedUser(out) : authenticatedUser(out);
        if (!known && !identityAsUser(out)) {
            out.member(NAME, "unknown");
        }
        out.closeObject(user);
        if (ocsfClass == OcsfClass.ACCOUNT_CHANGE) {
            int policy = out.openObject(POLICY);
            out.repeat(UID, json, string(request, POLICY_ARN));
            out.repeat(NAME, json, string(request, POLICY_NAME));
            out.closeObject(policy);
            return;
        }
        int service = out.openObject(SERVICE);
        out.repeat(NAME, json, string(source));
        if (!out.closeObject(service)) {
            out.name(SERVICE).ascii("{\"name\":\"unknown\"}");
        }
        // a sign-in has whether MFA was used beside the request, a session in its context
        int used = json.find(additional, MFA_USED);
        if (json.is(used, "Yes") || json.is(used, "No")) {
            out.member(IS_MFA, json.is(used, "Yes"));
            json.take(used);
        }
    }

    private boolean changedUser(JsonOutput out) {
        int created = json.find(response, USER);
        boolean named = out.repeat(NAME, json, string(request, USER_NAME))
                || out.repeat(NAME, json, string(request, ROLE_NAME))
                || out.repeat(NAME, json, string(request, GROUP_NAME));
        boolean identified = out.repeat(UID, json, string(created, ARN));
        out.repeat(UID_ALT, json, string(created, USER_ID));
        return named || identified;
    }

    private boolean authenticatedUser(JsonOutput out) {
        return out.repeat(UID, json, string(json.find(response, ASSUMED_ROLE_USER), ARN))
                || out.repeat(UID, json, string(json.find(response, FEDERATED_USER), ARN))
                || out.repeat(UID, json, string(request, ROLE_ARN));
    }

    private boolean identityAsUser(JsonOutput out) {
        boolean named = out.repeat(NAME, json, string(identity, USER_NAME));
        boolean identified = out.repeat(UID, json, string(identity, ARN));
        if (named || identified) {
            return true;
        }
        int account = out.openObject(ACCOUNT);
        out.repeat(UID, json, string(identity, ACCOUNT_ID));
        return out.closeObject(account);
    }

    /** The member of an object, or {@link JsonText#NONE} if it is no string with a text. */
    private int string(int object, Name member) {
        return string(json.find(object, member));
    }

    private int string(int node) {
        return json.isString(node) && !json.isEmpty(node) ? node : JsonText.NONE;
    }

    private void actor(JsonOutput out, OcsfClass ocsfClass) {
        int actor = out.openObject(ACTOR);
        int type = json.find(identity, TYPE);
        int principal = json.find(identity, PRINCIPAL_ID);
        int arn = string(identity, ARN);
        int account = string(identity, ACCOUNT_ID);
        int accessKey = json.find(identity, ACCESS_KEY_ID);
        int userName = string(identity, USER_NAME);
        int context = json.find(identity, SESSION_CONTEXT);
        boolean known = arn != JsonText.NONE || account != JsonText.NONE || userName != JsonText.NONE;
        if (known) {
            int user = out.openObject(USER);
            out.text(TYPE, json, type);
            out.text(UID_ALT, json, principal);
            out.text(UID, json, arn);
            int accountMark = out.openObject(ACCOUNT);
            out.text(UID, json, account);
            out.closeObject(accountMark);
            out.text(CREDENTIAL_UID, json, accessKey);
            out.text(NAME, json, userName);
            out.closeObject(user);
        }
        known |= context != JsonText.NONE && session(out, context);
        int idp = out.openObject(IDP);
        out.text(NAME, json, json.find(identity, IDENTITY_PROVIDER));
        boolean provided = out.closeObject(idp);
        known |= out.text(INVOKED_BY_ATTRIBUTE, json, json.find(identity, INVOKED_BY));
        if (!known && (provided || ocsfClass == OcsfClass.API_ACTIVITY)) {
            // an actor is required, more of it than its provider, and an event of AWS itself has no identity
            if (!out.repeat(APP_NAME, json, string(source))) {
                out.member(APP_NAME, "unknown");
            }
        }
        out.closeObject(actor);
    }

    private boolean session(JsonOutput out, int context) {
        int session = out.openObject(SESSION);
        out.text(ISSUER, json, string(json.find(context, SESSION_ISSUER), ARN));
        int attributes = json.find(context, ATTRIBUTES);
        int creation = json.find(attributes, CREATION_DATE);
        long created = Timestamps.parseIso(json, creation);
        if (created != Timestamps.NONE) {
            out.member(CREATED_TIME, created);
            json.take(creation);
        }
        out.bool(IS_MFA, json, json.find(attributes, MFA_AUTHENTICATED));
        return out.closeObject(session);
    }

    private void api(JsonOutput out, int record, int eventId) {
        int api = out.openObject(API);
        // an Insight has the operation whose calls it counts in its details
        int insight = json.find(record, INSIGHT_DETAILS);
        if (!out.text(OPERATION, json, string(name)) && !out.repeat(OPERATION, json, string(insight, EVENT_NAME))) {
            out.member(OPERATION, "unknown");
        }
        out.text(VERSION, json, json.find(record, API_VERSION));
        int service = out.openObject(SERVICE);
        if (!out.text(NAME, json, string(source))) {
            out.repeat(NAME, json, string(insight, EVENT_SOURCE));
        }
        out.closeObject(service);
        int requestId = string(record, REQUEST_ID);
        if (requestId != JsonText.NONE || !json.isNull(request)) {
            int mark = out.openObject(REQUEST);
            // an id is required, and events of AWS itself have none for the request
            if (!out.text(UID, json, requestId) && !out.repeat(UID, json, string(eventId))) {
                out.member(UID, "unknown");
            }
            out.object(DATA, json, request);
            out.closeObject(mark);
        }
        int mark = out.openObject(RESPONSE);
        out.text(ERROR, json, errorCode);
        out.text(ERROR_MESSAGE_ATTRIBUTE, json, json.find(record, ERROR_MESSAGE));
        out.object(DATA, json, response);
        out.closeObject(mark);
        out.closeObject(api);
    }

    /** The source is an address, or the name of a service that called on somebody's behalf. */
    private void endpoint(JsonOutput out, int address, int vpcEndpoint) {
        int endpoint = out.openObject(SRC_ENDPOINT);
        boolean known =
                IpAddress.is(json, address) ? out.string(IP, json, address) : out.text(SVC_NAME, json, string(address));
        known |= out.text(UID, json, string(vpcEndpoint));
        if (!known && !out.repeat(SVC_NAME, json, string(source))) {
            out.member(SVC_NAME, "unknown");
        }
        out.closeObject(endpoint);
    }

    private void resources(JsonOutput out, int resources) {
        if (!json.isArray(resources)) {
            return;
        }
        int array = out.openArray(RESOURCES);
        for (int resource = json.first(resources); resource != JsonText.NONE; resource = json.next(resource)) {
            int arn = string(resource, RESOURCE_ARN);
            if (arn == JsonText.NONE) {
                continue; // what ARNPrefix names is no one resource
            }
            int mark = out.openObject();
            out.text(UID, json, arn);
            out.text(TYPE, json, string(resource, TYPE));
            int account = string(resource, ACCOUNT_ID);
            if (account != JsonText.NONE) {
                int owner = out.openObject(OWNER);
                int accountMark = out.openObject(ACCOUNT);
                out.text(UID, json, account);
                out.closeObject(accountMark);
                out.closeObject(owner);
            }
            out.closeObject(mark);
        }
        out.closeArray(array);
    }
}
