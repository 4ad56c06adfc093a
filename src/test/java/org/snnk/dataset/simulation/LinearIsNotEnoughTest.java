package org.snnk.dataset.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snnk.dataset.DatasetDescriptor;
import org.snnk.dataset.Datasets;
import org.snnk.dataset.HeaderStyle;
import org.snnk.random.CounterRandom;

/**
 * On every shipped sample, ridge regression on 512 random Fourier features (Rahimi and Recht 2007)
 * beats ridge regression on the columns. Rows whose index modulo 5 is 0 test.
 */
class LinearIsNotEnoughTest {
  private static final int FEATURES = 512;

  @ParameterizedTest
  @CsvSource({
    // set, length scale, λ, linear at most, gain at least; AUC, AUC, accuracy and R²
    "higgs, 10, 0.1, 0.68, 0.025",
    "hepmass, 14, 0.01, 0.78, 0.025",
    "covertype, 4, 0.1, 0.70, 0.06",
    "wind-turbine, 3.8, 0.01, 0.65, 0.20"
  })
  void randomFeaturesBeatTheLinearModel(
      String name, double scale, double penalty, double linearAtMost, double gain)
      throws IOException {
    Sample sample = Sample.read(name);
    double linear = sample.score(sample.inputs, 1);
    double nonlinear = sample.score(sample.fourier(scale), penalty);
    assertThat(linear).isBetween(0.4, linearAtMost);
    assertThat(nonlinear).isGreaterThan(linear + gain);
  }

  private static final class Sample {
    final DatasetDescriptor descriptor;
    final double[][] inputs;
    final double[] labels;

    Sample(DatasetDescriptor descriptor, double[][] inputs, double[] labels) {
      this.descriptor = descriptor;
      this.inputs = inputs;
      this.labels = labels;
    }

    static Sample read(String name) throws IOException {
      SampleFile file =
          SampleFile.SHIPPED.stream().filter(f -> f.dataset().equals(name)).findFirst().get();
      DatasetDescriptor descriptor = Datasets.find(name);
      List<String> lines =
          SampleFileTest.read(SampleFileTest.COMMITTED.resolve(file.fileName())).lines().toList();
      int header = descriptor.header() == HeaderStyle.NONE ? 0 : 1;
      int label = descriptor.position(descriptor.label());
      int[] columns =
          descriptor.inputs().stream().mapToInt(c -> descriptor.position(c.name())).toArray();
      int n = lines.size() - header;
      double[][] inputs = new double[n][columns.length];
      double[] labels = new double[n];
      for (int i = 0; i < n; i++) {
        String[] values = lines.get(i + header).split(",", -1);
        for (int j = 0; j < columns.length; j++) {
          inputs[i][j] = Double.parseDouble(values[columns[j]]);
        }
        labels[i] =
            descriptor.classes().isEmpty()
                ? Double.parseDouble(values[label])
                : descriptor.classIndex(values[label]);
      }
      standardise(inputs);
      return new Sample(descriptor, inputs, labels);
    }

    /** Zero mean and unit deviation, but for columns of zeros and ones. */
    private static void standardise(double[][] x) {
      for (int j = 0; j < x[0].length; j++) {
        int column = j;
        if (Arrays.stream(x).allMatch(row -> row[column] == 0 || row[column] == 1)) {
          continue;
        }
        double mean = Arrays.stream(x).mapToDouble(row -> row[column]).average().orElseThrow();
        double variance =
            Arrays.stream(x)
                .mapToDouble(row -> (row[column] - mean) * (row[column] - mean))
                .average()
                .orElseThrow();
        for (double[] row : x) {
          row[j] = (row[j] - mean) / Math.sqrt(variance);
        }
      }
    }

    double[][] fourier(double scale) {
      CounterRandom random = new CounterRandom(1, 1);
      int half = FEATURES / 2;
      int d = inputs[0].length;
      double[][] out = new double[inputs.length][FEATURES];
      for (int k = 0; k < half; k++) {
        double[] w = new double[d];
        for (int j = 0; j < d; j++) {
          w[j] = random.gaussian((long) k * d + j) / scale;
        }
        for (int i = 0; i < inputs.length; i++) {
          double angle = 0;
          for (int j = 0; j < d; j++) {
            angle += w[j] * inputs[i][j];
          }
          out[i][k] = Math.cos(angle) / Math.sqrt(half);
          out[i][half + k] = Math.sin(angle) / Math.sqrt(half);
        }
      }
      return out;
    }

    /** AUC for two classes, accuracy for more, R² for regression, on every fifth row. */
    double score(double[][] features, double penalty) {
      int k = Math.max(1, descriptor.classes().size());
      int[] train = IntStream.range(0, labels.length).filter(i -> i % 5 != 0).toArray();
      int[] test = IntStream.range(0, labels.length).filter(i -> i % 5 == 0).toArray();
      DMatrixRMaj x = design(features, train);
      DMatrixRMaj y = new DMatrixRMaj(train.length, k);
      for (int i = 0; i < train.length; i++) {
        for (int c = 0; c < k; c++) {
          double label = labels[train[i]];
          y.set(i, c, k == 1 ? label : label == c ? 1 : 0);
        }
      }
      int m = x.numCols;
      DMatrixRMaj gram = new DMatrixRMaj(m, m);
      DMatrixRMaj right = new DMatrixRMaj(m, k);
      DMatrixRMaj weights = new DMatrixRMaj(m, k);
      CommonOps_DDRM.multInner(x, gram);
      for (int j = 0; j < m; j++) {
        gram.add(j, j, j == m - 1 ? 1e-9 : penalty); // the intercept is not penalised
      }
      CommonOps_DDRM.multTransA(x, y, right);
      LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.chol(m);
      assertThat(solver.setA(gram)).isTrue();
      solver.solve(right, weights);
      DMatrixRMaj out = new DMatrixRMaj(test.length, k);
      CommonOps_DDRM.mult(design(features, test), weights, out);
      double[] truth = Arrays.stream(test).mapToDouble(i -> labels[i]).toArray();
      return k == 1 ? r2(truth, out) : k == 2 ? auc(truth, out) : accuracy(truth, out);
    }

    private static DMatrixRMaj design(double[][] features, int[] rows) {
      int m = features[0].length;
      DMatrixRMaj x = new DMatrixRMaj(rows.length, m + 1);
      for (int i = 0; i < rows.length; i++) {
        System.arraycopy(features[rows[i]], 0, x.data, i * (m + 1), m);
        x.set(i, m, 1);
      }
      return x;
    }

    private static double r2(double[] truth, DMatrixRMaj out) {
      double mean = Arrays.stream(truth).average().orElseThrow();
      double residual = 0;
      double total = 0;
      for (int i = 0; i < truth.length; i++) {
        residual += Math.pow(truth[i] - out.get(i, 0), 2);
        total += Math.pow(truth[i] - mean, 2);
      }
      return 1 - residual / total;
    }

    private static double accuracy(double[] truth, DMatrixRMaj out) {
      int right = 0;
      for (int i = 0; i < truth.length; i++) {
        int row = i;
        int best =
            IntStream.range(0, out.numCols)
                .boxed()
                .max(Comparator.comparingDouble(c -> out.get(row, c)))
                .orElseThrow();
        right += best == truth[i] ? 1 : 0;
      }
      return right / (double) truth.length;
    }

    private static double auc(double[] truth, DMatrixRMaj out) {
      int[] order =
          IntStream.range(0, truth.length)
              .boxed()
              .sorted(Comparator.comparingDouble(i -> out.get(i, 1)))
              .mapToInt(Integer::intValue)
              .toArray();
      double ranks = 0;
      double positive = 0;
      for (int place = 0; place < order.length; place++) {
        if (truth[order[place]] == 1) {
          ranks += place + 1;
          positive++;
        }
      }
      return (ranks - positive * (positive + 1) / 2) / (positive * (truth.length - positive));
    }
  }
}
