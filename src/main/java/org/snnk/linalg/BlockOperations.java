package org.snnk.linalg;

import java.util.List;

/**
 * Operations on blocks of rows, where a block B may be numbers, or a node of a graph that some
 * other program will compute. What a model expresses in them can be written down for that program.
 *
 * <p><b>Exactness.</b> An expression names the same IEEE operations in the same order as the loops
 * that it stands for, up to powers of two, which round nothing. Its sums of products lie on the
 * {@link Grid}, so in double precision any order of summation gives the same bits.
 *
 * <p>Two blocks of one operation have as many columns as each other, or one of them has a single
 * row ({@link #row}) or a single column, which counts for all.
 *
 * @param <B> a block
 */
public interface BlockOperations<B> {
  /** A function of each number. */
  enum Function {
    /** |z|. */
    ABS,
    /** arctan z. */
    ATAN,
    /** cos z. */
    COS,
    /** erf z. */
    ERF,
    /** eᶻ. */
    EXP,
    /** log z. */
    LOG,
    /** The nearest integer, ties to even. */
    ROUND,
    /** −1, 0 or 1. */
    SIGN,
    /** sin z. */
    SIN,
    /** √z. */
    SQRT,
    /** tanh z. */
    TANH
  }

  /** A constant row, or with one value a constant. */
  B row(double... values);

  /** The product with a constant matrix, row-major. */
  B product(B block, int columns, double[] matrix);

  /** f of each number. */
  B apply(Function function, B block);

  /** a + b. */
  B add(B a, B b);

  /** a − b. */
  B subtract(B a, B b);

  /** a·b, number by number. */
  B multiply(B a, B b);

  /** a/b, number by number. */
  B divide(B a, B b);

  /** The larger number; not a number where one of both is none. */
  B max(B a, B b);

  /** The smaller number; not a number where one of both is none. */
  B min(B a, B b);

  /** The sum of each row, as a single column. */
  B sum(B block);

  /** The sum of squares of each row, as a single column. */
  B sumOfSquares(B block);

  /** e^{sᵢ}/Σⱼe^{sⱼ} in each row. */
  B softmax(B block);

  /** The columns of blocks side by side. */
  B concat(List<B> blocks);

  /** Columns from, …, to − 1. */
  B columns(B block, int from, int to);

  /** The block with zeros, whatever stood there, in the columns that are not kept. */
  B keep(boolean[] columns, B block);

  /** The block in single precision. */
  B single(B block);

  /** The block in the precision of the inputs. */
  B full(B block);

  /** a + c. */
  default B add(B a, double c) {
    return add(a, row(c));
  }

  /** a·c. */
  default B multiply(B a, double c) {
    return multiply(a, row(c));
  }

  /** a within ±limit. */
  default B clip(B a, double limit) {
    return max(row(-limit), min(row(limit), a));
  }

  /** c₀ + u(c₁ + u(c₂ + …)). */
  default B polynomial(B u, double... c) {
    B sum = row(c[c.length - 1]);
    for (int i = c.length - 2; i >= 0; i--) {
      sum = add(multiply(u, sum), row(c[i]));
    }
    return sum;
  }

  /** 1/(1 + e^−z). */
  default B sigmoid(B z) {
    return divide(row(1), add(apply(Function.EXP, multiply(z, -1)), 1));
  }
}
