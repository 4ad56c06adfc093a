package org.snnk.spark.peer;

import java.util.Optional;
import org.apache.spark.ml.Predictor;
import org.apache.spark.ml.classification.GBTClassifier;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.ml.classification.RandomForestClassifier;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.regression.GBTRegressor;
import org.apache.spark.ml.regression.LinearRegression;
import org.apache.spark.ml.regression.RandomForestRegressor;
import org.snnk.Choice;
import org.snnk.SnnkException;
import org.snnk.spark.data.Roles;

/** The learners of Spark MLlib that a Spark user would take for the same table. */
public enum Peer implements Choice {
  /** Multinomial or binary logistic regression. */
  LOGISTIC_REGRESSION("logistic-regression", false),
  /** Linear least squares with an elastic-net penalty. */
  LINEAR_REGRESSION("linear-regression", false),
  /** A network of sigmoid layers by full-batch L-BFGS. */
  MULTILAYER_PERCEPTRON("multilayer-perceptron", true),
  /** Bagged trees. */
  RANDOM_FOREST("random-forest", true),
  /** Boosted trees, of two classes or a number. */
  GRADIENT_BOOSTED_TREES("gradient-boosted-trees", true);

  private static final String REMEDY = "Leave it out of compare.contenders.";

  private final String key;
  private final boolean seeded;

  Peer(String key, boolean seeded) {
    this.key = key;
    this.seeded = seeded;
  }

  @Override
  public String key() {
    return key;
  }

  /** Whether another seed gives another model. */
  public boolean isSeeded() {
    return seeded;
  }

  /**
   * The one of a name.
   *
   * @throws SnnkException if there is none
   */
  public static Peer of(String key) {
    return Choice.of("peer", key, values());
  }

  /** Why this learner cannot learn a table, whatever its settings, if it cannot. */
  public Optional<SnnkException> unsuitable(Roles roles) {
    boolean classes = roles.classification();
    boolean regressionOnly = this == LINEAR_REGRESSION;
    boolean classesOnly = this == LOGISTIC_REGRESSION || this == MULTILAYER_PERCEPTRON;
    if (roles.targets().size() > 1) {
      return error("one target", roles.targets().size() + " targets");
    }
    if (classes ? regressionOnly : classesOnly) {
      return error(classes ? "a number to predict" : "classes", classes ? "classes" : "a number");
    }
    if (this == GRADIENT_BOOSTED_TREES && classes && roles.classes().size() > 2) {
      return error(
          "two classes, all that Spark's GBTClassifier knows", roles.classes().size() + " classes");
    }
    if (this == MULTILAYER_PERCEPTRON && roles.weight() != null) {
      return error("rows of equal weight", "the weight column '" + roles.weight() + "'");
    }
    return Optional.empty();
  }

  private Optional<SnnkException> error(String expected, String got) {
    return Optional.of(new SnnkException("peer '" + key + "'", expected, got, null, REMEDY));
  }

  /** A new estimator for a table that suits it. */
  Predictor<Vector, ?, ?> estimator(Roles roles) {
    boolean classes = roles.classification();
    return switch (this) {
      case LOGISTIC_REGRESSION -> new LogisticRegression();
      case LINEAR_REGRESSION -> new LinearRegression();
      case MULTILAYER_PERCEPTRON -> new MultilayerPerceptronClassifier();
      case RANDOM_FOREST -> classes ? new RandomForestClassifier() : new RandomForestRegressor();
      case GRADIENT_BOOSTED_TREES -> classes ? new GBTClassifier() : new GBTRegressor();
    };
  }
}
