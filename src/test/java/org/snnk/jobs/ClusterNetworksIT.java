package org.snnk.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Networks, bundling and comparison on two worker processes: minutes of executors that start, so
 * only with {@code mvn verify -Pcluster}.
 */
class ClusterNetworksIT extends OnCluster {
  @Test
  void networksAreTrainedAndBundledOnExecutors(@TempDir Path folder) throws IOException {
    String[] network = {
      "run",
      "conf/jobs/higgs-sample.conf",
      "--set",
      "model.kind=network",
      "network.layers=dense 32,snnk 32 16",
      "sgd.epochs=2",
      "sgd.shards=3",
      "train.seed=5"
    };
    submit(Submission.of(to(folder.resolve("local"), network)));
    submit(cluster.submit(to(folder.resolve("cluster"), network)));
    for (String file : new String[] {"model/model.bin", "metrics.json"}) {
      assertThat(folder.resolve("cluster").resolve(file))
          .hasSameBinaryContentAs(folder.resolve("local").resolve(file));
    }

    String[] bundle = {
      "bundle", "conf/jobs/higgs-sample.conf", "--set", "model.path=" + folder.resolve("cluster")
    };
    submit(cluster.submit(to(folder.resolve("bundled"), bundle)));
    JsonNode steps = read(folder.resolve("bundled/run.json")).at("/bundling/steps");
    assertThat(steps).hasSize(2);
    assertThat(steps.get(1).path("largestChange").asDouble()).isBetween(1e-12, 1e-5);
  }

  @Test
  void contendersAreComparedOnExecutors(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("compare.conf");
    Files.writeString(
        file,
        """
        data { dataset = higgs, path = "%s", test.every = 5 }
        features { numRandomFeatures = 128, lengthScale = 3 }
        compare {
          seeds = [1]
          contenders = [
            { name = closed }
            { name = network, model.kind = network, network.layers = [dense 16], sgd { epochs = 2, shards = 2 } }
            { name = perceptron, peer { kind = multilayer-perceptron, layers = [[8]], maxIter = 5 } }
            { name = forest, peer { kind = random-forest, numTrees = 3, maxDepth = 3 } }
          ]
        }
        """
            .formatted(Submission.projectRoot().resolve("data-samples/higgs-sample.csv.gz")));
    submit(cluster.submit(to(folder.resolve("out"), "compare", file.toString(), "--set")));

    JsonNode contenders = read(folder.resolve("out/comparison.json")).path("contenders");
    assertThat(contenders).hasSize(4);
    for (JsonNode contender : contenders) {
      String name = contender.path("name").asText();
      assertThat(contender.has("failed")).as(name).isFalse();
      assertThat(contender.at("/figures/auc/mean").asDouble()).as(name).isGreaterThan(0.55);
      assertThat(contender.at("/peakHeapBytes/mean").asDouble()).as(name).isPositive();
    }
    assertThat(cluster.workersOfTheLastApplication()).isEqualTo(StandaloneCluster.WORKERS);
  }

  private static String[] to(Path output, String... arguments) {
    String[] all = Arrays.copyOf(arguments, arguments.length + 1);
    all[arguments.length] = "output.dir=" + output;
    return all;
  }

  private static void submit(Submission submission) {
    Submission.Result result = submission.run();
    assertThat(result.exitCode()).as(result.err()).isZero();
  }

  private static JsonNode read(Path json) throws IOException {
    return new ObjectMapper().readTree(Files.readString(json));
  }
}
