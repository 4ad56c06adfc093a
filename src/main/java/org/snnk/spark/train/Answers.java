package org.snnk.spark.train;

import java.io.Serializable;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.snnk.model.Model;

/** What a comparison asks of any model, ours or a peer: probabilities of classes, or numbers. */
public interface Answers extends Serializable {
  /** k: numbers a row. */
  int outputs();

  /** What answers in one task; never shared by two. */
  Answerer answerer();

  /** Answers for blocks of rows with memory of its own. */
  interface Answerer {
    /**
     * Probabilities of the classes, or predictions in the target's own units.
     *
     * <p><b>Shapes</b>: x n×d raw, row-major, not modified; out n×k, overwritten; both may be
     * longer.
     */
    void answer(int n, double[] x, double[] out);
  }

  /** Those of one of our models, which is broadcast. */
  static Answers of(Model model, JavaSparkContext spark) {
    Broadcast<Model> sent = spark.broadcast(model);
    return new Answers() {
      private static final long serialVersionUID = 1L;

      @Override
      public int outputs() {
        return sent.value().outputs();
      }

      @Override
      public Answerer answerer() {
        Model used = sent.value();
        Model.Scorer scorer = used.scorer();
        return (n, x, out) -> {
          scorer.scores(n, x, out);
          if (used.isClassifier()) {
            used.probabilities(n, out);
          }
        };
      }
    };
  }
}
