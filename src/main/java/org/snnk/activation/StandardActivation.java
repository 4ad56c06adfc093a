package org.snnk.activation;

import java.util.Locale;
import org.snnk.activation.Spectrum.Decay;
import org.snnk.linalg.BlockOperations;
import org.snnk.linalg.BlockOperations.Function;

/** The built-in activations without parameters; spectra as in the table of the documentation. */
public enum StandardActivation implements Activation {
  /** z: no activation at all. */
  LINEAR {
    @Override
    public double value(double z) {
      return z;
    }

    @Override
    public double derivative(double z) {
      return 1;
    }

    @Override
    public <B> B express(BlockOperations<B> on, B z) {
      return z;
    }

    @Override
    public Spectrum spectrum() {
      return Spectrum.cosines(a -> 0, new Decay(1, 0, 0)).plus(0, 1);
    }

    @Override
    public void apply(int count, float[] v) {}

    @Override
    public boolean derivativeFromValue() {
      return true;
    }

    @Override
    public void multiplyByDerivative(int count, float[] v, float[] dy) {}
  },

  /** sin z. */
  SIN {
    @Override
    public double value(double z) {
      return Math.sin(z);
    }

    @Override
    public double derivative(double z) {
      return Math.cos(z);
    }

    @Override
    public <B> B express(BlockOperations<B> on, B z) {
      return on.apply(Function.SIN, z);
    }

    @Override
    public Spectrum spectrum() {
      return Spectrum.of(new Spectrum.Atom(1, 0, 1));
    }
  },

  /** cos z. */
  COS {
    @Override
    public double value(double z) {
      return Math.cos(z);
    }

    @Override
    public double derivative(double z) {
      return -Math.sin(z);
    }

    @Override
    public <B> B express(BlockOperations<B> on, B z) {
      return on.apply(Function.COS, z);
    }

    @Override
    public Spectrum spectrum() {
      return Spectrum.of(new Spectrum.Atom(1, 1, 0));
    }
  },

  /** e^(−z²/2). */
  GAUSSIAN {
    @Override
    public double value(double z) {
      return Math.exp(-z * z / 2);
    }

    @Override
    public double derivative(double z) {
      return -z * Math.exp(-z * z / 2);
    }

    @Override
    public <B> B express(BlockOperations<B> on, B z) {
      return on.apply(Function.EXP, on.multiply(on.multiply(z, z), -0.5));
    }

    @Override
    public Spectrum spectrum() {
      double weight = StrictMath.sqrt(2 / Math.PI);
      return Spectrum.cosines(a -> weight * StrictMath.exp(-a * a / 2), new Decay(1, 0, 0));
    }
  },

  /** e^−|z|. */
  LAPLACE {
    @Override
    public double value(double z) {
      return Math.exp(-Math.abs(z));
    }

    @Override
    public double derivative(double z) {
      return -Math.signum(z) * Math.exp(-Math.abs(z));
    }

    @Override
    public <B> B express(BlockOperations<B> on, B z) {
      return on.apply(Function.EXP, on.multiply(on.apply(Function.ABS, z), -1));
    }

    @Override
    public Spectrum spectrum() {
      return Spectrum.cosines(a -> 2 / (Math.PI * (1 + a * a)), new Decay(0, 0, 2));
    }
  },

  /** sin(z)/z, without π. */
  SINC {
    @Override
    public double value(double z) {
      return Math.abs(z) < SMALL ? 1 - z * z / 6 : Math.sin(z) / z;
    }

    @Override
    public double derivative(double z) {
      return Math.abs(z) < 1e-2
          ? z * (-1.0 / 3 + z * z * (1.0 / 30 - z * z / 840))
          : (z * Math.cos(z) - Math.sin(z)) / (z * z);
    }

    @Override
    public <B> B express(BlockOperations<B> on, B z) {
      B u = on.max(on.apply(Function.ABS, z), on.row(SMALL)); // even, and flat at 0
      return on.divide(on.apply(Function.SIN, u), u);
    }

    @Override
    public Spectrum spectrum() {
      return Spectrum.cosines(a -> 1, 1);
    }
  },

  /** 1/cosh(z). */
  SECH {
    @Override
    public double value(double z) {
      double decayed = Math.exp(-Math.abs(z));
      return 2 * decayed / (1 + decayed * decayed);
    }

    @Override
    public double derivative(double z) {
      return -value(z) * Math.tanh(z);
    }

    @Override
    public <B> B express(BlockOperations<B> on, B z) {
      B decayed = LAPLACE.express(on, z);
      return on.divide(on.multiply(decayed, 2), on.add(on.multiply(decayed, decayed), 1));
    }

    @Override
    public Spectrum spectrum() {
      return Spectrum.cosines(a -> 1 / StrictMath.cosh(HALF_PI * a), new Decay(0, HALF_PI, 0));
    }
  },

  /** tanh z. */
  TANH {
    @Override
    public double value(double z) {
      return Math.tanh(z);
    }

    @Override
    public double derivative(double z) {
      double tanh = Math.tanh(z);
      return (1 - tanh) * (1 + tanh);
    }

    @Override
    public <B> B express(BlockOperations<B> on, B z) {
      return on.apply(Function.TANH, z);
    }

    @Override
    public Spectrum spectrum() {
      return Spectrum.sines(a -> 1 / StrictMath.sinh(HALF_PI * a), new Decay(0, HALF_PI, 0));
    }

    @Override
    public boolean derivativeFromValue() {
      return true;
    }

    @Override
    public void multiplyByDerivative(int count, float[] v, float[] dy) {
      for (int i = 0; i < count; i++) {
        dy[i] *= 1 - v[i] * v[i];
      }
    }
  },

  /** 1/(1 + e^−z). */
  SIGMOID {
    @Override
    public double value(double z) {
      return sigmoid(z);
    }

    @Override
    public double derivative(double z) {
      return sigmoid(z) * sigmoid(-z);
    }

    @Override
    public <B> B express(BlockOperations<B> on, B z) {
      return on.sigmoid(z);
    }

    @Override
    public Spectrum spectrum() {
      return Spectrum.sines(a -> 1 / StrictMath.sinh(Math.PI * a), new Decay(0, Math.PI, 0))
          .plus(0.5, 0);
    }

    @Override
    public boolean derivativeFromValue() {
      return true;
    }

    @Override
    public void multiplyByDerivative(int count, float[] v, float[] dy) {
      for (int i = 0; i < count; i++) {
        dy[i] *= v[i] * (1 - v[i]);
      }
    }
  },

  /** erf z. */
  ERF {
    @Override
    public double value(double z) {
      return ErrorFunction.erf(z);
    }

    @Override
    public double derivative(double z) {
      return 2 / Math.sqrt(Math.PI) * Math.exp(-z * z);
    }

    @Override
    public <B> B express(BlockOperations<B> on, B z) {
      return on.apply(Function.ERF, z);
    }

    @Override
    public Spectrum spectrum() {
      return Spectrum.sines(
          a -> 2 * StrictMath.exp(-a * a / 4) / (Math.PI * a), new Decay(0.5, 0, 1));
    }
  },

  /** arctan z. */
  ARCTAN {
    @Override
    public double value(double z) {
      return Math.atan(z);
    }

    @Override
    public double derivative(double z) {
      return 1 / (1 + z * z);
    }

    @Override
    public <B> B express(BlockOperations<B> on, B z) {
      return on.apply(Function.ATAN, z);
    }

    @Override
    public Spectrum spectrum() {
      return Spectrum.sines(a -> StrictMath.exp(-a) / a, new Decay(0, 1, 1));
    }
  },

  /** The sign of z. */
  SIGN {
    @Override
    public double value(double z) {
      return Math.signum(z);
    }

    @Override
    public double derivative(double z) {
      return 0;
    }

    @Override
    public <B> B express(BlockOperations<B> on, B z) {
      return on.apply(Function.SIGN, z);
    }

    @Override
    public Spectrum spectrum() {
      return Spectrum.sines(a -> 2 / (Math.PI * a), new Decay(0, 0, 1));
    }
  },

  /** |z|. */
  ABS {
    @Override
    public double value(double z) {
      return Math.abs(z);
    }

    @Override
    public double derivative(double z) {
      return Math.signum(z);
    }

    @Override
    public <B> B express(BlockOperations<B> on, B z) {
      return on.apply(Function.ABS, z);
    }

    @Override
    public Spectrum spectrum() {
      return Spectrum.differences(a -> 2 / (Math.PI * a * a), new Decay(0, 0, 2));
    }
  },

  /** max(z, 0). */
  RELU {
    @Override
    public double value(double z) {
      return Math.max(z, 0);
    }

    @Override
    public double derivative(double z) {
      return z > 0 ? 1 : z < 0 ? 0 : 0.5;
    }

    @Override
    public <B> B express(BlockOperations<B> on, B z) {
      return on.max(z, on.row(0));
    }

    @Override
    public Spectrum spectrum() {
      return Spectrum.differences(a -> 1 / (Math.PI * a * a), new Decay(0, 0, 2)).plus(0, 0.5);
    }

    @Override
    public void apply(int count, float[] v) {
      for (int i = 0; i < count; i++) {
        v[i] = Math.max(v[i], 0);
      }
    }

    @Override
    public boolean derivativeFromValue() {
      return true;
    }

    @Override
    public void multiplyByDerivative(int count, float[] v, float[] dy) {
      // The step as a minimum, which the compiler vectorises and a comparison it does not.
      for (int i = 0; i < count; i++) {
        dy[i] *= Math.min(v[i] * Float.MAX_VALUE, 1);
      }
    }
  },

  /** zΦ(z). */
  GELU {
    @Override
    public double value(double z) {
      return z * ErrorFunction.normalCdf(z);
    }

    @Override
    public double derivative(double z) {
      return ErrorFunction.normalCdf(z) + z * ErrorFunction.normalDensity(z);
    }

    @Override
    public <B> B express(BlockOperations<B> on, B z) {
      return on.multiply(z, ErrorFunction.normalCdf(on, z));
    }

    @Override
    public Spectrum spectrum() {
      return Spectrum.differences(
              a -> (1 + 1 / (a * a)) * StrictMath.exp(-a * a / 2) / Math.PI, new Decay(1, 0, 0))
          .plus(0, 0.5);
    }
  },

  /** log(1 + e^z). */
  SOFTPLUS {
    @Override
    public double value(double z) {
      return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
    }

    @Override
    public double derivative(double z) {
      return sigmoid(z);
    }

    @Override
    public <B> B express(BlockOperations<B> on, B z) {
      B beyond = on.apply(Function.LOG, on.add(LAPLACE.express(on, z), 1));
      return on.add(on.max(z, on.row(0)), beyond);
    }

    @Override
    public Spectrum spectrum() {
      return Spectrum.differences(
              a -> 1 / (a * StrictMath.sinh(Math.PI * a)), new Decay(0, Math.PI, 1))
          .plus(StrictMath.log(2), 0.5);
    }
  },

  /** z/(1 + e^−z). */
  SILU {
    @Override
    public double value(double z) {
      return z * sigmoid(z);
    }

    @Override
    public double derivative(double z) {
      return sigmoid(z) * (1 + z * sigmoid(-z));
    }

    @Override
    public <B> B express(BlockOperations<B> on, B z) {
      return on.multiply(z, on.sigmoid(z));
    }

    @Override
    public Spectrum spectrum() {
      return Spectrum.differences(
              a -> Math.PI / (StrictMath.tanh(Math.PI * a) * StrictMath.sinh(Math.PI * a)),
              new Decay(0, Math.PI, 0))
          .plus(0, 0.5);
    }
  };

  private static final double HALF_PI = Math.PI / 2;
  private static final double SMALL = 1e-4;

  @Override
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  private static double sigmoid(double z) {
    double decayed = Math.exp(-Math.abs(z));
    return (z >= 0 ? 1 : decayed) / (1 + decayed);
  }
}
