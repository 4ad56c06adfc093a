package org.snnk.spark.ml;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleArrayParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.param.Params;
import org.snnk.SnnkException;
import org.snnk.feature.CosineFeatures;
import org.snnk.feature.FeatureFamily;
import org.snnk.feature.Projection;

/**
 * The Params of the random feature map that all stages share; the documentation of each is its text
 * in {@code explainParams()}.
 */
public interface FeatureMapParams extends Params {
  /** Where a stage keeps them. */
  Fields mapFields();

  /** The Params of one stage. */
  final class Fields implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Param<String> featureMap;
    private final IntParam numRandomFeatures;
    private final Param<String> projection;
    private final DoubleParam degreesOfFreedom;
    private final DoubleArrayParam coefficients;
    private final BooleanParam inputNorm;
    private final DoubleParam lengthScale;
    private final LongParam seed;

    /**
     * Params that belong to a stage.
     *
     * @param unset what is done without a length scale
     */
    Fields(Params stage, String unset) {
      featureMap =
          new Param<>(
              stage,
              "featureMap",
              "Family of random features, as features.map of the jobs: "
                  + String.join(", ", FeatureFamily.kinds())
                  + ".",
              ParamValidators.<String>inArray(FeatureFamily.kinds()));
      numRandomFeatures =
          new IntParam(
              stage,
              "numRandomFeatures",
              "Width m of the random feature map; even for cosines.",
              ParamValidators.<Object>gtEq(1));
      projection =
          new Param<>(
              stage,
              "projection",
              "How the random directions are drawn, as features.projection of the jobs.",
              ParamValidators.<String>inArray(Projection.keys()));
      degreesOfFreedom =
          new DoubleParam(
              stage,
              "degreesOfFreedom",
              "Tails of the directions of cosine features. Unset: normal ones.",
              ParamValidators.<Object>gt(0));
      coefficients =
          new DoubleArrayParam(
              stage,
              "coefficients",
              "Of z^0, z^1, ... up to 8 in the maps 'polynomial' and 'powerseries'. Unset: 0, 1, 1, 1 or those of the exponential.",
              values -> values.length > 0 && Arrays.stream(values).allMatch(Double::isFinite));
      inputNorm =
          new BooleanParam(
              stage, "inputNorm", "Whether polynomial features see the norm of the inputs too.");
      lengthScale =
          new DoubleParam(
              stage,
              "lengthScale",
              "Length scale of the kernel on standardised inputs. Unset: " + unset + ".",
              ParamValidators.<Object>gt(0));
      seed = new LongParam(stage, "seed", "Seed of everything random.");
    }

    /** Sets what holds where the user says nothing. */
    void setDefaults(Params stage) {
      stage.setDefault(featureMap, CosineFeatures.KIND);
      stage.setDefault(numRandomFeatures, 1024);
      stage.setDefault(projection, "orthogonal");
      stage.setDefault(inputNorm, false);
      stage.setDefault(seed, 42L);
    }

    /** Fails where attributions are asked for and features have no derivative. */
    static void requireDerivative(FeatureMapParams stage) {
      if (!FeatureFamily.differentiable().contains(stage.getFeatureMap())) {
        throw new SnnkException(
            "attributionsCol",
            "a featureMap among " + String.join(", ", FeatureFamily.differentiable()),
            "'" + stage.getFeatureMap() + "'",
            null,
            "Features of the others have no derivative here: leave attributionsCol unset.");
      }
    }

    /**
     * What the Params of a stage ask for.
     *
     * @param linear whether the standardised inputs stand behind the random features
     * @throws SnnkException if two of them do not go together
     */
    static FeatureFamily family(FeatureMapParams stage, boolean linear) {
      int m = stage.getNumRandomFeatures();
      if (stage.getFeatureMap().equals(CosineFeatures.KIND) && m % 2 != 0) {
        throw new SnnkException(
            "numRandomFeatures",
            "an even number",
            m + "",
            null,
            "A cosine and a sine belong to each frequency.");
      }
      Projection projection = Projection.of(stage.getProjection());
      if (stage.isDefined(stage.degreesOfFreedom())) {
        projection = projection.withDegreesOfFreedom(stage.getDegreesOfFreedom());
      }
      List<Double> coefficients =
          stage.isDefined(stage.coefficients())
              ? Arrays.stream(stage.getCoefficients()).boxed().toList()
              : List.of();
      return new FeatureFamily(
          stage.getFeatureMap(), m, projection, coefficients, stage.getInputNorm(), linear);
    }
  }

  /** Param. */
  default Param<String> featureMap() {
    return mapFields().featureMap;
  }

  /** Getter of {@link #featureMap}. */
  default String getFeatureMap() {
    return getOrDefault(featureMap());
  }

  /** Param. */
  default IntParam numRandomFeatures() {
    return mapFields().numRandomFeatures;
  }

  /** Getter of {@link #numRandomFeatures}. */
  default int getNumRandomFeatures() {
    return (int) getOrDefault(numRandomFeatures());
  }

  /** Param. */
  default Param<String> projection() {
    return mapFields().projection;
  }

  /** Getter of {@link #projection}. */
  default String getProjection() {
    return getOrDefault(projection());
  }

  /** Param. */
  default DoubleParam degreesOfFreedom() {
    return mapFields().degreesOfFreedom;
  }

  /** Getter of {@link #degreesOfFreedom}. */
  default double getDegreesOfFreedom() {
    return (double) getOrDefault(degreesOfFreedom());
  }

  /** Param. */
  default DoubleArrayParam coefficients() {
    return mapFields().coefficients;
  }

  /** Getter of {@link #coefficients}. */
  default double[] getCoefficients() {
    return getOrDefault(coefficients());
  }

  /** Param. */
  default BooleanParam inputNorm() {
    return mapFields().inputNorm;
  }

  /** Getter of {@link #inputNorm}. */
  default boolean getInputNorm() {
    return (boolean) getOrDefault(inputNorm());
  }

  /** Param. */
  default DoubleParam lengthScale() {
    return mapFields().lengthScale;
  }

  /** Getter of {@link #lengthScale}. */
  default double getLengthScale() {
    return (double) getOrDefault(lengthScale());
  }

  /** Param. */
  default LongParam seed() {
    return mapFields().seed;
  }

  /** Getter of {@link #seed}. */
  default long getSeed() {
    return (long) getOrDefault(seed());
  }
}
