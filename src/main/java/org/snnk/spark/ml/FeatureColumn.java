package org.snnk.spark.ml;

import java.util.Arrays;
import org.apache.spark.sql.catalyst.InternalRow;
import org.snnk.feature.Featurizer;
import org.snnk.spark.data.BatchFunction;

/** The column of random features. */
record FeatureColumn(Featurizer featurizer) implements BatchFunction {
  @Override
  public Batch start() {
    int m = featurizer.map().features();
    return new Batch() {
      private final Featurizer.Workspace workspace = new Featurizer.Workspace();
      private double[] features = new double[0];

      @Override
      public void run(int n, double[] x) {
        if (features.length < n * m) {
          features = new double[n * m];
        }
        featurizer.unitFeatures(n, x, features, workspace);
      }

      @Override
      public void fill(int i, InternalRow out) {
        if (i < 0) {
          double[] nothing = new double[m];
          Arrays.fill(nothing, Double.NaN);
          out.update(0, BatchFunction.vector(nothing, 0, m));
        } else {
          out.update(0, BatchFunction.vector(features, i * m, m));
        }
      }
    };
  }
}
