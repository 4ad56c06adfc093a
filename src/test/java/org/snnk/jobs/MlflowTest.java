package org.snnk.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.snnk.jobs.SmallJobs.json;
import static org.snnk.jobs.SmallJobs.lines;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logging to a local stub of MLflow's REST interface. */
class MlflowTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir private Path folder;

  private Stub stub;
  private SmallJobs jobs;
  private Path conf;

  @BeforeEach
  void start() throws IOException {
    stub = new Stub();
    jobs = new SmallJobs(folder);
    Path rows = jobs.file("rows.csv", lines(200));
    conf =
        jobs.file(
            "run.conf",
            List.of(
                "data.path = \"" + rows + "\"",
                "data.label = kind",
                "data.inputs = [a, b, c]",
                "data.test.every = 4",
                "model.kind = network",
                "network.layers = [dense 4]",
                "sgd { epochs = 2, shards = 2 }",
                "output.dir = \"" + folder.resolve("out") + "\""));
  }

  @AfterEach
  void stop() {
    stub.server.stop(0);
  }

  private SmallJobs.Outcome run(Map<String, String> environment) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        Main.run(
            environment,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            "run",
            conf.toString());
    return new SmallJobs.Outcome(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private Map<String, String> environment(String... more) {
    Map<String, String> environment = new HashMap<>(Map.of("MLFLOW_TRACKING_URI", stub.address()));
    for (int i = 0; i < more.length; i += 2) {
      environment.put(more[i], more[i + 1]);
    }
    return environment;
  }

  @Test
  void aRunIsLoggedWithParametersFiguresCurvesAndFiles() throws IOException {
    SmallJobs.Outcome outcome =
        run(
            environment(
                "MLFLOW_EXPERIMENT_NAME",
                "trees & networks",
                "MLFLOW_TRACKING_USERNAME",
                "me",
                "MLFLOW_TRACKING_PASSWORD",
                "pass"));
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.err()).contains("snnk run: logged to MLflow as run r1");
    assertThat(stub.experiments).containsExactly("trees & networks");
    assertThat(stub.authorizations).containsOnly("Basic bWU6cGFzcw==");
    JsonNode record = json(folder.resolve("out/run.json"));
    assertThat(stub.created.path("experiment_id").asText()).isEqualTo("7");
    assertThat(stub.created.path("run_name").asText()).isEqualTo(record.path("title").asText());
    assertThat(stub.status).isEqualTo("FINISHED");

    // Every option, in requests of at most a hundred.
    assertThat(stub.parameters).hasSize(record.path("options").size());
    assertThat(stub.parameters)
        .containsEntry("sgd.epochs", "2")
        .containsEntry("data.label", "kind");
    assertThat(stub.mostParameters).isLessThanOrEqualTo(100);
    JsonNode metrics = json(folder.resolve("out/metrics.json"));
    assertThat(stub.metrics.get("logLoss 0")).isEqualTo(metrics.path("logLoss").asDouble());
    assertThat(stub.metrics.get("auc 0")).isEqualTo(metrics.path("auc").asDouble());
    JsonNode curve = record.at("/training/curve");
    assertThat(stub.metrics.get("curve/training 2"))
        .isEqualTo(curve.get(1).path("training").asDouble());
    assertThat(stub.metrics).doesNotContainKey("version 0");

    // The files, byte for byte, in the folder that the server named.
    for (String file : List.of("run.json", "metrics.json", "report.html", "model/model.bin")) {
      assertThat(stub.files.get("7/r1/artifacts/" + file))
          .as(file)
          .isEqualTo(Files.readAllBytes(folder.resolve("out/" + file)));
    }
    assertThat(stub.files).doesNotContainKey("7/r1/artifacts/_SNNK");
  }

  @Test
  void anExperimentIsFoundByItsNumberAndFilesMayLieOnADisk() {
    stub.artifactUri = folder.resolve("kept").toUri().toString();
    SmallJobs.Outcome outcome =
        run(environment("MLFLOW_EXPERIMENT_ID", "7", "MLFLOW_TRACKING_TOKEN", "t0"));
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(stub.experiments).isEmpty();
    assertThat(stub.authorizations).containsOnly("Bearer t0");
    assertThat(folder.resolve("kept/report.html"))
        .hasSameBinaryContentAs(folder.resolve("out/report.html"));
    assertThat(folder.resolve("kept/model/model.bin")).exists();
  }

  /** The output stands before anything is logged, so nothing can lose it. */
  @ParameterizedTest
  @ValueSource(strings = {"down", "refuses", "breaks", "scheme"})
  void aServerThatTakesNothingIsAWarning(String how) {
    Map<String, String> environment = environment();
    String reason =
        switch (how) {
          case "down" -> {
            stub.server.stop(0);
            yield "no answer from " + stub.address();
          }
          case "refuses" -> {
            stub.refuse = "runs/create";
            yield "POST runs/create was answered by HTTP 400: {\"error_code\":\"INVALID\"}";
          }
          case "breaks" -> {
            stub.refuse = "runs/log-batch";
            yield "POST runs/log-batch was answered by HTTP 400";
          }
          default -> {
            environment.put("MLFLOW_TRACKING_URI", "databricks");
            yield "expected MLFLOW_TRACKING_URI to begin with http:// or https://, got"
                + " 'databricks'";
          }
        };
    SmallJobs.Outcome outcome = run(environment);
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.err())
        .contains("warning: not logged to MLflow, or not all: " + reason)
        .contains("The output itself is complete.");
    assertThat(folder.resolve("out/report.html")).exists();
    assertThat(stub.status).isEqualTo(how.equals("breaks") ? "FAILED" : null);
  }

  /** What the tests need of a tracking server. */
  private static final class Stub {
    private final HttpServer server;
    private final List<String> experiments = new ArrayList<>();
    private final List<String> authorizations = new ArrayList<>();
    private final Map<String, String> parameters = new TreeMap<>();
    private final Map<String, Double> metrics = new TreeMap<>();
    private final Map<String, byte[]> files = new TreeMap<>();
    private String artifactUri = "mlflow-artifacts:/7/r1/artifacts";
    private JsonNode created;
    private String status;
    private String refuse = "";
    private int mostParameters;

    Stub() throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext("/", this::answer);
      server.start();
    }

    String address() {
      return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String path = exchange.getRequestURI().getPath();
      authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
      int code = 200;
      ObjectNode answer = MAPPER.createObjectNode();
      String prefix = "/api/2.0/mlflow-artifacts/artifacts/";
      if (exchange.getRequestMethod().equals("PUT") && path.startsWith(prefix)) {
        files.put(path.substring(prefix.length()), body);
      } else if (!refuse.isEmpty() && path.endsWith(refuse)) {
        code = 400;
        answer.put("error_code", "INVALID");
      } else {
        code = call(path.replace("/api/2.0/mlflow/", ""), exchange, body, answer);
      }
      byte[] bytes = answer.toString().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(code, bytes.length);
      exchange.getResponseBody().write(bytes);
      exchange.close();
    }

    private int call(String endpoint, HttpExchange exchange, byte[] body, ObjectNode answer)
        throws IOException {
      if (endpoint.equals("experiments/get-by-name")) {
        assertThat(exchange.getRequestURI().getQuery()).startsWith("experiment_name=");
        answer.put("error_code", "RESOURCE_DOES_NOT_EXIST");
        return 404;
      }
      JsonNode request = MAPPER.readTree(body);
      switch (endpoint) {
        case "experiments/create" -> {
          experiments.add(request.path("name").asText());
          answer.put("experiment_id", "7");
        }
        case "runs/create" -> {
          created = request;
          ObjectNode info = answer.putObject("run").putObject("info");
          info.put("run_id", "r1").put("artifact_uri", artifactUri);
        }
        case "runs/log-batch" -> {
          assertThat(request.path("run_id").asText()).isEqualTo("r1");
          mostParameters = Math.max(mostParameters, request.path("params").size());
          request
              .path("params")
              .forEach(p -> parameters.put(p.path("key").asText(), p.path("value").asText()));
          request
              .path("metrics")
              .forEach(
                  m ->
                      metrics.put(
                          m.path("key").asText() + " " + m.path("step").asLong(),
                          m.path("value").asDouble()));
        }
        case "runs/update" -> status = request.path("status").asText();
        default -> {
          return 404;
        }
      }
      return 200;
    }
  }
}
