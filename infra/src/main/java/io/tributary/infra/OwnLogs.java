package io.tributary.infra;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;

/** What the pipeline logs about itself, which must not come back to it. */
final class OwnLogs {
    private OwnLogs() {}

    /** Every log group that the pipeline may have. */
    static List<String> groups() {
        return List.of(
                PipelineFunction.LOG_GROUPS + "transform",
                PipelineFunction.LOG_GROUPS + "alert",
                PipelineFunction.LOG_GROUPS + "archive",
                DeliveryRole.LOG_GROUPS + Ingestion.ARCHIVE_STREAM,
                DeliveryRole.LOG_GROUPS + IndexStream.STREAM,
                DeliveryRole.LOG_GROUPS + Copies.SPLUNK,
                DeliveryRole.LOG_GROUPS + Copies.REDSHIFT,
                SearchDomain.LOG_GROUP,
                IngestionPipeline.LOG_GROUP,
                GuardDuty.DELEGATION_LOGS,
                GuardDuty.ORGANIZATION_LOGS);
    }

    /** The log groups that an account's subscription leaves out; CloudWatch Logs takes names for it, and no patterns. */
    static String notSubscribed() {
        return "LogGroupName NOT IN " + new ObjectMapper().valueToTree(groups());
    }

    /**
     * The log groups that centralization copies: neither the pipeline's own, nor copies. CloudWatch knows beginnings only.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatchLogs_Centralization.html">Centralization</a>
     */
    static String notOurOwn() {
        return "LogGroupName NOT LIKE '" + PipelineFunction.LOG_GROUPS + "%' AND LogGroupName NOT LIKE '"
                + CentralSubscription.PREFIX + "%' AND LogGroupName != '" + IngestionPipeline.LOG_GROUP + "'";
    }
}
