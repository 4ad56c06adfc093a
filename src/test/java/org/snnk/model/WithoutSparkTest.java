package org.snnk.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snnk.TestRows;
import org.snnk.feature.CosineFeatures;
import org.snnk.feature.Featurizer;
import org.snnk.feature.Projection;
import org.snnk.feature.Standardizer;
import org.snnk.linalg.Blas;
import org.snnk.statistics.Targets;

/** A saved model scores where there is no Spark. */
class WithoutSparkTest {
  private static final int D = 3;
  private static final int M = 64;

  private static FullyBundledModel model() {
    return FullyBundledModel.of(
        List.of("u", "v", "w"),
        List.of("power"),
        List.of(),
        new Featurizer(
            new Standardizer(new double[] {1, 0, -1}, new double[] {0.5, 1, 2}),
            new CosineFeatures(D, M, 1.3, Projection.ORTHOGONAL, 3)),
        Targets.reals(new double[] {100}, new double[] {20}),
        TestRows.gaussian(M, 40),
        new double[] {0.5});
  }

  private static Path saved(Path folder) throws Exception {
    Files.createDirectories(folder.resolve("model"));
    Files.write(folder.resolve("model").resolve(FullyBundledModel.FILE), model().toBytes());
    return folder;
  }

  /** The class path of this JVM without Spark, Scala and Hadoop. */
  private static URL[] withoutSpark() throws Exception {
    List<URL> urls = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      String path = entry.replace('\\', '/');
      boolean needed =
          path.contains("/ejml") || path.contains("/ludovic/") || path.contains("/bytedeco/");
      if (needed || (Files.isDirectory(Path.of(entry)) && path.endsWith("classes"))) {
        urls.add(Path.of(entry).toUri().toURL());
      }
    }
    return urls.toArray(URL[]::new);
  }

  @Test
  void aModelLoadsAndScoresOnAClassPathWithoutSpark(@TempDir Path folder) throws Exception {
    double[] x = TestRows.gaussian(5000 * D, 9);
    double[] expected = model().score(5000, x);
    // A native library can be loaded once in a process, and this one is not to be the one that has
    // it.
    String before = System.setProperty(Blas.PROPERTY, "java");
    try (URLClassLoader loader =
        new URLClassLoader(withoutSpark(), ClassLoader.getPlatformClassLoader())) {
      assertThatThrownBy(() -> loader.loadClass("org.apache.spark.SparkContext"))
          .isInstanceOf(ClassNotFoundException.class);
      Class<?> type = loader.loadClass(FullyBundledModel.class.getName());
      assertThat(type).isNotSameAs(FullyBundledModel.class);
      Object loaded = type.getMethod("load", Path.class).invoke(null, saved(folder));
      double[] scores =
          (double[]) type.getMethod("score", int.class, double[].class).invoke(loaded, 5000, x);
      assertThat(scores).isEqualTo(expected);
    } finally {
      if (before == null) {
        System.clearProperty(Blas.PROPERTY);
      } else {
        System.setProperty(Blas.PROPERTY, before);
      }
    }
  }

  @Test
  void threadsShareAModelAndARowScoresAsInABlock(@TempDir Path folder) throws Exception {
    FullyBundledModel model = FullyBundledModel.load(saved(folder));
    double[] x = TestRows.gaussian(1000 * D, 9);
    double[] expected = model.score(1000, x);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<Boolean>> done = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        done.add(
            threads.submit(
                () -> {
                  boolean same = true;
                  for (int i = 0; i < 1000; i++) {
                    double[] row = Arrays.copyOfRange(x, i * D, (i + 1) * D);
                    same &= model.score(row)[0] == expected[i];
                  }
                  return same;
                }));
      }
      for (Future<Boolean> same : done) {
        assertThat(same.get()).isTrue();
      }
    } finally {
      threads.shutdown();
    }
    assertThatThrownBy(() -> model.score(1, 2))
        .hasMessage(
            "rows to score: expected 1 times 3 inputs, got 2. Give the inputs u … in the order of the"
                + " training.");
  }
}
