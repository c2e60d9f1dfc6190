package io.tributary.opensearch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What people look at: saved objects of OpenSearch Dashboards, made of {@code dashboards.json}. A panel there has a shape
 * ({@code number}, {@code timeline}, {@code table}, {@code pie}, {@code events}), a query in Lucene's syntax, the field whose values
 * it tells apart ({@code by}), and what it measures, which is the number of events unless it says otherwise.
 */
public final class Dashboards {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String INDEX_PATTERN = "tributary-events";
    private static final String TIME = "@timestamp";
    private static final int MOST_ROWS = 20;
    private static final int MOST_COLOURS = 8;
    private static final int GRID_WIDTH = 48;
    private static final int PANEL_HEIGHT = 14;

    private Dashboards() {}

    /** All saved objects: those that others refer to, first. Their ids are theirs for ever. */
    public static List<ObjectNode> savedObjects() throws IOException {
        List<ObjectNode> objects = new ArrayList<>();
        ObjectNode pattern = object(objects, "index-pattern", INDEX_PATTERN, "tributary-*");
        pattern.put("timeFieldName", TIME);
        for (JsonNode dashboard : read()) {
            dashboard(objects, dashboard);
        }
        return objects;
    }

    private static JsonNode read() throws IOException {
        try (InputStream in = Dashboards.class.getResourceAsStream("/opensearch/dashboards.json")) {
            return JSON.readTree(Objects.requireNonNull(in));
        }
    }

    /** Adds a saved object and gives its attributes. */
    private static ObjectNode object(List<ObjectNode> objects, String type, String id, String title) {
        ObjectNode object = JSON.createObjectNode().put("type", type).put("id", id);
        ObjectNode attributes = object.putObject("attributes").put("title", title);
        object.putArray("references");
        objects.add(object);
        return attributes;
    }

    private static void dashboard(List<ObjectNode> objects, JsonNode dashboard) throws IOException {
        String id = "tributary-" + dashboard.path("id").asText();
        ArrayNode panels = JSON.createArrayNode();
        ArrayNode references = JSON.createArrayNode();
        int row = 0;
        int column = 0;
        for (JsonNode panel : dashboard.path("panels")) {
            String panelId = id + "-" + panels.size();
            String type = panel.path("shape").asText().equals("events") ? "search" : "visualization";
            int width = type.equals("search") ? GRID_WIDTH : GRID_WIDTH / 2;
            panel(objects, panelId, type, dashboard.path("title").asText(), panel);
            if (column + width > GRID_WIDTH) {
                column = 0;
                row += PANEL_HEIGHT;
            }
            String number = String.valueOf(panels.size());
            String reference = "panel_" + number;
            ObjectNode placed = panels.addObject()
                    .put("panelIndex", number)
                    .put("panelRefName", reference)
                    .put("title", panel.path("title").asText());
            placed.putObject("embeddableConfig");
            placed.putObject("gridData")
                    .put("i", number)
                    .put("x", column)
                    .put("y", row)
                    .put("w", width)
                    .put("h", PANEL_HEIGHT);
            references.addObject().put("name", reference).put("type", type).put("id", panelId);
            column += width;
        }
        ObjectNode attributes =
                object(objects, "dashboard", id, dashboard.path("title").asText());
        attributes
                .put("description", dashboard.path("description").asText())
                .put("hits", 0)
                .put("timeRestore", true)
                .put("timeFrom", "now-24h")
                .put("timeTo", "now")
                .put("version", 1)
                .put("optionsJSON", "{\"hidePanelTitles\":false,\"useMargins\":true}")
                .put("panelsJSON", panels.toString());
        attributes
                .putObject("kibanaSavedObjectMeta")
                .put("searchSourceJSON", "{\"query\":{\"language\":\"lucene\",\"query\":\"\"},\"filter\":[]}");
        objects.get(objects.size() - 1).set("references", references);
    }

    private static void panel(List<ObjectNode> objects, String id, String type, String dashboard, JsonNode panel) {
        ObjectNode attributes =
                object(objects, type, id, dashboard + ": " + panel.path("title").asText());
        if (type.equals("search")) {
            attributes.set("columns", panel.path("columns"));
            attributes.putArray("sort").addArray().add(TIME).add("desc");
            attributes.put("version", 1);
        } else {
            attributes.put("visState", visualization(panel).toString());
            attributes.put("uiStateJSON", "{}").put("description", "").put("version", 1);
        }
        ObjectNode source = JSON.createObjectNode();
        source.putObject("query")
                .put("language", "lucene")
                .put("query", panel.path("query").asText(""));
        source.putArray("filter");
        source.put("indexRefName", "kibanaSavedObjectMeta.searchSourceJSON.index");
        attributes.putObject("kibanaSavedObjectMeta").put("searchSourceJSON", source.toString());
        objects.get(objects.size() - 1)
                .withArray("references")
                .addObject()
                .put("name", "kibanaSavedObjectMeta.searchSourceJSON.index")
                .put("type", "index-pattern")
                .put("id", INDEX_PATTERN);
    }

    private static ObjectNode visualization(JsonNode panel) {
        String shape = panel.path("shape").asText();
        ObjectNode state = JSON.createObjectNode()
                .put("title", panel.path("title").asText())
                .put(
                        "type",
                        switch (shape) {
                            case "number" -> "metric";
                            case "timeline" -> "histogram";
                            default -> shape;
                        });
        ArrayNode aggregations = state.putArray("aggs");
        measure(aggregations, panel.path("measure"));
        if (panel.has("and")) {
            measure(aggregations, panel.path("and"));
        }
        switch (shape) {
            case "timeline" -> {
                aggregation(aggregations, "date_histogram", "segment")
                        .put("field", panel.path("time").asText(TIME))
                        .put("interval", "auto")
                        .put("min_doc_count", 1);
                values(aggregations, panel, "group", MOST_COLOURS);
                state.set("params", timeline());
            }
            case "pie" -> {
                values(aggregations, panel, "segment", MOST_COLOURS);
                state.putObject("params")
                        .put("type", "pie")
                        .put("addTooltip", true)
                        .put("addLegend", true)
                        .put("isDonut", true);
            }
            case "table" -> {
                values(aggregations, panel, "bucket", MOST_ROWS);
                state.putObject("params").put("perPage", 10).put("showTotal", false);
            }
            default -> state.putObject("params").put("type", "metric");
        }
        return state;
    }

    /** Bars over time, with the axes that OpenSearch Dashboards wants spelled out. */
    private static ObjectNode timeline() {
        ObjectNode parameters = JSON.createObjectNode()
                .put("type", "histogram")
                .put("addTooltip", true)
                .put("addLegend", true)
                .put("legendPosition", "right");
        parameters
                .putArray("categoryAxes")
                .addObject()
                .put("id", "CategoryAxis-1")
                .put("type", "category")
                .put("position", "bottom")
                .put("show", true)
                .putObject("scale")
                .put("type", "linear");
        parameters
                .putArray("valueAxes")
                .addObject()
                .put("id", "ValueAxis-1")
                .put("name", "LeftAxis-1")
                .put("type", "value")
                .put("position", "left")
                .put("show", true)
                .putObject("scale")
                .put("type", "linear")
                .put("mode", "normal");
        ObjectNode series = parameters
                .putArray("seriesParams")
                .addObject()
                .put("show", true)
                .put("type", "histogram")
                .put("mode", "stacked")
                .put("valueAxis", "ValueAxis-1");
        series.putObject("data").put("id", "1").put("label", "Events");
        return parameters;
    }

    private static void measure(ArrayNode aggregations, JsonNode measure) {
        if (measure.isMissingNode()) {
            aggregation(aggregations, "count", "metric");
            return;
        }
        String type = measure.has("sum") ? "sum" : "max";
        aggregation(aggregations, type, "metric")
                .put("field", measure.path(type).asText())
                .put("customLabel", measure.path("label").asText());
    }

    private static void values(ArrayNode aggregations, JsonNode panel, String schema, int most) {
        aggregation(aggregations, "terms", schema)
                .put("field", panel.path("by").asText())
                .put("size", most)
                .put("order", "desc")
                .put("orderBy", "1");
    }

    private static ObjectNode aggregation(ArrayNode aggregations, String type, String schema) {
        return aggregations
                .addObject()
                .put("id", String.valueOf(aggregations.size()))
                .put("enabled", true)
                .put("type", type)
                .put("schema", schema)
                .putObject("params");
    }
}
