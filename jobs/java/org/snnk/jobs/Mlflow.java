package org.snnk.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * Logs a finished job to an MLflow tracking server by its REST interface, version 2.0: a run with
 * the resolved options as parameters, figures as metrics, and the output's files as artefacts.
 *
 * <p>It is called when the output stands under its final name, so nothing that fails here can lose
 * it. {@code MLFLOW_TRACKING_URI} turns it on; {@code MLFLOW_EXPERIMENT_NAME}, {@code
 * MLFLOW_EXPERIMENT_ID}, {@code MLFLOW_TRACKING_USERNAME}, {@code MLFLOW_TRACKING_PASSWORD} and
 * {@code MLFLOW_TRACKING_TOKEN} mean what they mean to MLflow's own clients.
 */
final class Mlflow {
  private static final String URI_VARIABLE = "MLFLOW_TRACKING_URI";
  private static final String API = "/api/2.0/mlflow/";
  private static final String PROXY = "/api/2.0/mlflow-artifacts/artifacts/";
  private static final int PARAMETERS = 100; // in one request, by MLflow's documentation
  private static final int METRICS = 1000;
  private static final int VALUE = 6000; // characters of a parameter
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String server;
  private final Map<String, String> environment;
  private final HttpClient client;

  private Mlflow(String server, Map<String, String> environment) {
    this.server = server.replaceFirst("/+$", "");
    this.environment = environment;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();
  }

  /**
   * What a job has to log.
   *
   * @param run its run.json
   * @param metrics single numbers by name
   * @param curve steps of metrics that were measured while it trained
   */
  record Results(JsonNode run, Map<String, Double> metrics, List<Step> curve) {}

  /** A metric at a step of training. */
  record Step(String name, long step, double value) {}

  /** Why something was not logged. */
  static final class MlflowException extends Exception {
    private static final long serialVersionUID = 1L;

    private MlflowException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** The server that the environment names, if it names one. */
  static Optional<Mlflow> of(Map<String, String> environment) {
    String server = environment.getOrDefault(URI_VARIABLE, "");
    return server.isBlank() ? Optional.empty() : Optional.of(new Mlflow(server, environment));
  }

  /**
   * Logs a job.
   *
   * @param folder its output
   * @return the run's id
   * @throws MlflowException if the server does not take it
   */
  String log(String command, Results results, Path folder, Configuration hadoop)
      throws MlflowException {
    if (!server.startsWith("http://") && !server.startsWith("https://")) {
      throw new MlflowException(
          "expected " + URI_VARIABLE + " to begin with http:// or https://, got '" + server + "'",
          null);
    }
    JsonNode info = createRun(command, results);
    String id = info.path("run_id").asText(info.path("run_uuid").asText());
    try {
      parameters(id, results.run);
      metrics(id, results);
      artifacts(info.path("artifact_uri").asText(), folder, hadoop);
    } catch (MlflowException failure) {
      end(id, "FAILED");
      throw failure;
    }
    end(id, "FINISHED");
    return id;
  }

  // ---- the run ----

  private JsonNode createRun(String command, Results results) throws MlflowException {
    ObjectNode request = JSON.createObjectNode();
    request.put("experiment_id", experiment());
    request.put("run_name", results.run.path("title").asText(command));
    request.put("start_time", millis(results.run.path("started").asText()));
    ArrayNode tags = request.putArray("tags");
    tag(tags, "mlflow.source.name", "snnk " + command);
    tag(tags, "mlflow.source.type", "JOB");
    tag(tags, "mlflow.user", System.getProperty("user.name", ""));
    tag(tags, "snnk.command", results.run.path("command").asText());
    String model = results.run.at("/model/sha256").asText();
    if (!model.isEmpty()) {
      tag(tags, "snnk.model.sha256", model);
    }
    JsonNode run = post("runs/create", request).path("run");
    return run.path("info");
  }

  private static void tag(ArrayNode tags, String key, String value) {
    tags.addObject().put("key", key).put("value", value);
  }

  private String experiment() throws MlflowException {
    String id = environment.getOrDefault("MLFLOW_EXPERIMENT_ID", "");
    if (!id.isBlank()) {
      return id;
    }
    String name = environment.getOrDefault("MLFLOW_EXPERIMENT_NAME", "snnk-spark");
    String query = "experiments/get-by-name?experiment_name=" + encoded(name);
    HttpResponse<String> found = send(request(server + API + query).GET().build());
    if (found.statusCode() == 200) {
      return json(found.body()).path("experiment").path("experiment_id").asText();
    }
    if (found.statusCode() != 404) {
      throw refused("GET " + query, found);
    }
    ObjectNode create = JSON.createObjectNode().put("name", name);
    return post("experiments/create", create).path("experiment_id").asText();
  }

  private void end(String id, String status) throws MlflowException {
    ObjectNode request = JSON.createObjectNode();
    request.put("run_id", id);
    request.put("status", status);
    request.put("end_time", System.currentTimeMillis());
    JsonNode unused = post("runs/update", request);
  }

  private static long millis(String instant) {
    return instant.isEmpty() ? System.currentTimeMillis() : Instant.parse(instant).toEpochMilli();
  }

  // ---- parameters and metrics ----

  private void parameters(String id, JsonNode run) throws MlflowException {
    List<ObjectNode> parameters = new ArrayList<>();
    for (JsonNode option : run.path("options")) {
      JsonNode value = option.path("value");
      String text = value.isValueNode() ? value.asText() : value.toString();
      ObjectNode each = JSON.createObjectNode();
      each.put("key", name(option.path("key").asText()));
      each.put("value", text.substring(0, Math.min(VALUE, text.length())));
      parameters.add(each);
    }
    batches(id, "params", parameters, PARAMETERS);
  }

  private void metrics(String id, Results results) throws MlflowException {
    long now = System.currentTimeMillis();
    List<ObjectNode> metrics = new ArrayList<>();
    results.metrics.forEach((key, value) -> metrics.add(metric(key, value, now, 0)));
    results.curve.forEach(step -> metrics.add(metric(step.name, step.value, now, step.step)));
    batches(id, "metrics", metrics, METRICS);
  }

  private static ObjectNode metric(String key, double value, long now, long step) {
    ObjectNode each = JSON.createObjectNode();
    each.put("key", name(key));
    each.put("value", value);
    each.put("timestamp", now);
    each.put("step", step);
    return each;
  }

  /** MLflow's names hold letters, digits, and _ - . / and spaces. */
  private static String name(String key) {
    return key.replaceAll("[^\\w\\-./ ]", "_");
  }

  private void batches(String id, String what, List<ObjectNode> all, int most)
      throws MlflowException {
    for (int from = 0; from < all.size(); from += most) {
      ObjectNode request = JSON.createObjectNode().put("run_id", id);
      ArrayNode part = request.putArray(what);
      all.subList(from, Math.min(all.size(), from + most)).forEach(part::add);
      JsonNode unused = post("runs/log-batch", request);
    }
  }

  // ---- artefacts ----

  private void artifacts(String uri, Path folder, Configuration hadoop) throws MlflowException {
    try {
      FileSystem files = folder.getFileSystem(hadoop);
      Path root = files.makeQualified(folder);
      RemoteIterator<LocatedFileStatus> all = files.listFiles(root, true);
      while (all.hasNext()) {
        Path file = all.next().getPath();
        String child = root.toUri().relativize(file.toUri()).getPath();
        if (!child.startsWith("_") && !child.startsWith("rows/")) {
          artifact(uri, files, file, child, hadoop);
        }
      }
    } catch (IOException failure) {
      throw new MlflowException("artefacts at '" + uri + "': " + failure.getMessage(), failure);
    }
  }

  /** Through the server where it keeps artefacts itself, else to where it says they belong. */
  private void artifact(String uri, FileSystem files, Path file, String child, Configuration hadoop)
      throws MlflowException, IOException {
    URI place = URI.create(uri.replace(" ", "%20"));
    String scheme = place.getScheme() == null ? "file" : place.getScheme();
    switch (scheme) {
      case "mlflow-artifacts" -> {
        String of =
            place.getAuthority() == null
                ? server
                : URI.create(server).getScheme() + "://" + place.getAuthority();
        put(of + PROXY + path(place.getPath()) + "/" + path(child), files, file);
      }
      case "http", "https" -> put(uri + "/" + path(child), files, file);
      default -> {
        Path target = new Path(new Path(uri), child);
        boolean unused =
            FileUtil.copy(files, file, target.getFileSystem(hadoop), target, false, true, hadoop);
      }
    }
  }

  private void put(String address, FileSystem files, Path file)
      throws MlflowException, IOException {
    byte[] bytes;
    try (InputStream in = files.open(file)) {
      bytes = in.readAllBytes();
    }
    HttpResponse<String> answer =
        send(
            request(address)
                .header("Content-Type", "application/octet-stream")
                .PUT(HttpRequest.BodyPublishers.ofByteArray(bytes))
                .build());
    if (answer.statusCode() / 100 != 2) {
      throw refused("PUT " + address, answer);
    }
  }

  /** Each part of a path encoded, no slash first. */
  private static String path(String path) {
    List<String> parts = new ArrayList<>();
    for (String part : path.split("/", -1)) {
      if (!part.isEmpty()) {
        parts.add(encoded(part));
      }
    }
    return String.join("/", parts);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  // ---- HTTP ----

  private HttpRequest.Builder request(String address) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address)).timeout(PATIENCE);
    String token = environment.getOrDefault("MLFLOW_TRACKING_TOKEN", "");
    String user = environment.getOrDefault("MLFLOW_TRACKING_USERNAME", "");
    if (!user.isEmpty()) {
      String pair = user + ":" + environment.getOrDefault("MLFLOW_TRACKING_PASSWORD", "");
      byte[] bytes = pair.getBytes(StandardCharsets.UTF_8);
      request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(bytes));
    } else if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    return request;
  }

  private JsonNode post(String endpoint, ObjectNode body) throws MlflowException {
    HttpRequest request =
        request(server + API + endpoint)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
            .build();
    HttpResponse<String> answer = send(request);
    if (answer.statusCode() != 200) {
      throw refused("POST " + endpoint, answer);
    }
    return json(answer.body());
  }

  private HttpResponse<String> send(HttpRequest request) throws MlflowException {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    } catch (IOException failure) {
      String words = failure.getMessage() == null ? failure.toString() : failure.getMessage();
      throw new MlflowException("no answer from " + server + " (" + words + ")", failure);
    } catch (InterruptedException failure) {
      Thread.currentThread().interrupt();
      throw new MlflowException("interrupted while waiting for " + server, failure);
    }
  }

  private static JsonNode json(String body) throws MlflowException {
    try {
      return JSON.readTree(body);
    } catch (IOException failure) {
      throw new MlflowException("an answer that is no JSON", failure);
    }
  }

  private static MlflowException refused(String request, HttpResponse<String> answer) {
    String body = answer.body().strip();
    return new MlflowException(
        request
            + " was answered by HTTP "
            + answer.statusCode()
            + ": "
            + body.substring(0, Math.min(300, body.length())),
        null);
  }
}
