package org.snnk.feature;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.snnk.activation.Activation;
import org.snnk.linalg.Blas;
import org.snnk.random.CounterRandom;

/** Both towers of a layer with 512 inputs and units and m = 4096, beside the parts of Φ. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class UniversalRandomFeaturesBenchmark {
  private static final int FEATURES = 4096;
  private static final int DRAWS = FEATURES / 2;
  private static final int ROWS = 512;

  /** A layer. */
  @State(Scope.Thread)
  public static class Layer {
    /** sin has one frequency, tanh a density of them. */
    @Param({"sin", "tanh"})
    String activation;

    /** d. */
    @Param({"28", "512"})
    int inputs;

    private UniversalRandomFeatures kernel;
    private double[] x;
    private double[] b;
    private double[] directions;
    private double[] dots;
    private double[] sine;
    private double[] out;

    /** Draws the rows. */
    @Setup
    public void draw() {
      kernel =
          UniversalRandomFeatures.of(Activation.of(activation), inputs, FEATURES)
              .bandLimit(4)
              .build();
      CounterRandom random = new CounterRandom(1, 0);
      x = new double[ROWS * inputs];
      for (int i = 0; i < x.length; i++) {
        x[i] = random.gaussian(i) / Math.sqrt(inputs);
      }
      directions = new double[inputs * DRAWS];
      for (int i = 0; i < directions.length; i++) {
        directions[i] = random.gaussian(i);
      }
      b = new double[ROWS];
      dots = new double[ROWS * DRAWS];
      sine = new double[ROWS * DRAWS];
      out = new double[ROWS * kernel.features()];
    }
  }

  /** Φ of 512 rows. */
  @Benchmark
  public double[] inputTower(Layer layer) {
    layer.kernel.inputTower(ROWS, layer.x, layer.out, layer.kernel.features());
    return layer.out;
  }

  /** Its ceiling: the product with the directions, and a sine and a cosine of each. */
  @Benchmark
  public double[] projectionAndActivation(Layer layer) {
    Blas.backend()
        .multiply(
            ROWS,
            layer.inputs,
            DRAWS,
            layer.x,
            0,
            layer.inputs,
            layer.directions,
            layer.dots,
            0,
            DRAWS);
    VectorMath.sines(layer.dots, layer.sine, layer.dots.length);
    VectorMath.cosines(layer.dots, layer.dots, layer.dots.length);
    return layer.dots;
  }

  /** Ψ of 512 units whose directions are drawn. */
  @Benchmark
  public double[] parameterTower(Layer layer) {
    layer.kernel.parameterTower(ROWS, layer.x, layer.b, layer.out, layer.kernel.features());
    return layer.out;
  }

  /** Ψ with the drawing of orthogonal directions. */
  @Benchmark
  public double[] drawingAndParameterTower(Layer layer) {
    layer
        .kernel
        .withSeed(2)
        .parameterTower(ROWS, layer.x, layer.b, layer.out, layer.kernel.features());
    return layer.out;
  }
}
