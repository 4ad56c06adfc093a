package org.snnk.linalg;

import java.io.Serializable;
import java.util.Arrays;
import org.snnk.SnnkException;

/**
 * The orthogonal reduction of a symmetric matrix to a narrow band, G = Q B Qᵀ, from which G + λI is
 * solved for any number of λ in O(m) each.
 *
 * <p>The first of the two stages of the reduction to tridiagonal form (Bischof, Lang and Sun 2000,
 * "A framework for symmetric band reduction"): panels of {@link #HALF_WIDTH} columns are brought to
 * triangular form below the band by Householder reflections, gathered as I − VTVᵀ (Schreiber and
 * Van Loan 1989) and applied from both sides as G ← G − WVᵀ − VWᵀ with Y = GVT, W = Y − ½V(TᵀVᵀY).
 * Stopping at a band keeps all of the work in products of blocks, where a tridiagonalisation spends
 * half of it in matrix–vector products that wait for memory; and a band is as cheap to shift and
 * factor as it needs to be.
 *
 * <p><b>Shapes</b>: G m×m row-major, not modified; B has b = {@value #HALF_WIDTH} diagonals on
 * either side of the main one. <b>Cost</b>: (4/3)m³ flops; 8m² bytes, kept for the reflections.
 * <b>Deterministic</b>: a function of G's bits, in plain Java on any number of threads. Immutable.
 */
public final class BandForm implements Serializable {
  private static final long serialVersionUID = 1L;

  /** b, the number of diagonals of B on either side of the main one. */
  public static final int HALF_WIDTH = 32;

  private static final int ROW = HALF_WIDTH + 1;

  private final int m;

  /** Row i holds B(i, i−b … i), zero where the column would be negative. */
  private final double[] band;

  /**
   * Row j + c holds the reflection vector c of the panel that starts at j, from column j + b + c
   * on.
   */
  private final double[][] reflections;

  /** The factor T of each panel, b×b, by rows. */
  private final double[][] triangles;

  private BandForm(int m) {
    this.m = m;
    this.band = new double[m * ROW];
    this.reflections = new double[m][];
    this.triangles = new double[Math.max(0, (m - 1) / HALF_WIDTH)][];
  }

  /**
   * Reduces a matrix.
   *
   * @param gram m×m symmetric; what stands below the diagonal must equal what stands above
   * @throws SnnkException if an entry is not finite
   */
  public static BandForm of(int m, double[] gram) {
    BandForm form = new BandForm(m);
    int exponent = exponent(m, gram);
    double scale = Math.scalb(1.0, -exponent);
    for (int i = 0; i < m; i++) {
      double[] row = new double[m];
      for (int j = 0; j < m; j++) {
        row[j] = gram[i * m + j] * scale;
      }
      form.reflections[i] = row;
    }
    form.reduce();
    for (int i = 0; i < form.band.length; i++) {
      form.band[i] = Math.scalb(form.band[i], exponent);
    }
    return form;
  }

  /** That of the largest entry, so that no square of an entry overflows or vanishes. */
  private static int exponent(int m, double[] gram) {
    double largest = 0;
    for (int i = 0; i < m * m; i++) {
      double size = Math.abs(gram[i]);
      if (!(size <= Double.MAX_VALUE)) {
        throw new SnnkException(
            "Gram matrix",
            "finite entries",
            gram[i] + "",
            "row " + i / m + ", column " + i % m,
            "Look for values near the largest double in the inputs or weights.");
      }
      largest = Math.max(largest, size);
    }
    return largest == 0 ? 0 : Math.max(-1000, Math.min(1000, Math.getExponent(largest)));
  }

  private void reduce() {
    int b = HALF_WIDTH;
    double[][] y = new double[b][m];
    double[][] w = new double[b][m];
    double[] packed = new double[m * 2 * b];
    for (int j = 0; j < m; j += b) {
      for (int i = j; i < Math.min(m, j + b); i++) {
        System.arraycopy(reflections[i], j, band, i * ROW + b - (i - j), i - j + 1);
      }
      if (j + b < m) {
        double[][] v = new double[b][];
        System.arraycopy(reflections, j, v, 0, b);
        double[] triangle = reflect(j, v);
        triangles[j / b] = triangle;
        transform(j + b, v, triangle, y, w, packed);
      }
    }
    // Rows of the last panel hold no reflections.
    for (int i = triangles.length * b; i < m; i++) {
      reflections[i] = new double[0];
    }
  }

  /**
   * The QR factor of the panel below the band: its transpose stands in the rows v, from column j +
   * b on, and is replaced by the reflections.
   */
  private double[] reflect(int j, double[][] v) {
    int b = HALF_WIDTH;
    int first = j + b;
    double[] triangle = new double[b * b];
    double[] products = new double[b];
    for (int c = 0; c < b; c++) {
      double[] x = v[c];
      int pivot = first + c;
      double tau = 0;
      double corner = 0;
      if (pivot < m) {
        double alpha = x[pivot];
        corner = alpha;
        double tail = Rows.dot(x, x, pivot + 1, m);
        if (tail > 0) {
          corner = -Math.copySign(Math.sqrt(alpha * alpha + tail), alpha);
          tau = (corner - alpha) / corner;
          double inverse = 1 / (alpha - corner);
          for (int i = pivot + 1; i < m; i++) {
            x[i] *= inverse;
          }
        }
        x[pivot] = corner;
      }
      // Column j + c of B below its diagonal block: rows first … first + c.
      for (int d = 0; d <= c && first + d < m; d++) {
        band[(first + d) * ROW + c - d] = x[first + d];
      }
      Arrays.fill(x, 0, Math.min(m, pivot), 0);
      if (tau == 0) {
        Arrays.fill(x, Math.min(m, pivot), m, 0);
        continue;
      }
      x[pivot] = 1;
      for (int d = c + 1; d < b; d++) {
        Rows.add(v[d], -tau * Rows.dot(x, v[d], pivot, m), x, pivot, m);
      }
      // T grows by the column −τ·T·(Vᵀx), τ.
      for (int d = 0; d < c; d++) {
        products[d] = Rows.dot(v[d], x, pivot, m);
      }
      for (int d = 0; d < c; d++) {
        double sum = 0;
        for (int e = d; e < c; e++) {
          sum += triangle[d * b + e] * products[e];
        }
        triangle[d * b + c] = -tau * sum;
      }
      triangle[c * b + c] = tau;
    }
    return triangle;
  }

  /** G ← (I − VTVᵀ)ᵀ G (I − VTVᵀ) on rows and columns from {@code first} on. */
  private void transform(
      int first, double[][] v, double[] t, double[][] gv, double[][] w, double[] packed) {
    int b = HALF_WIDTH;
    double[][] g = reflections;
    for (int c = 0; c < b; c++) {
      Arrays.fill(gv[c], first, m, 0);
      Arrays.fill(w[c], first, m, 0);
    }
    Rows.pack(1, v, b, first, m, packed, b, 0);
    Rows.multiply(b, gv, packed, g, first, m, first, m);
    double[] coefficients = new double[b];
    for (int c = 0; c < b; c++) { // Yᵀ = TᵀVᵀG
      for (int d = 0; d <= c; d++) {
        coefficients[d] = t[d * b + c];
      }
      addChunked(w[c], coefficients, gv, c + 1, first);
    }
    double[] inner = new double[b * b]; // VᵀY
    for (int c = 0; c < b; c++) {
      for (int d = 0; d < b; d++) {
        inner[c * b + d] = Rows.dot(v[c], w[d], first + c, m);
      }
    }
    for (int c = 0; c < b; c++) { // Wᵀ = Yᵀ − ½(TᵀVᵀY)ᵀVᵀ
      for (int d = 0; d < b; d++) {
        double sum = 0;
        for (int e = 0; e <= d; e++) {
          sum += t[e * b + d] * inner[e * b + c];
        }
        coefficients[d] = -0.5 * sum;
      }
      addChunked(w[c], coefficients, v, b, first);
    }
    double[][] both = new double[2 * b][];
    System.arraycopy(v, 0, both, 0, b);
    System.arraycopy(w, 0, both, b, b);
    Rows.pack(-1, w, b, first, m, packed, 2 * b, 0);
    Rows.pack(-1, v, b, first, m, packed, 2 * b, b);
    // A chunk writes its columns above the diagonal and its rows below it.
    Rows.inChunks(
        first,
        m,
        (from, to) -> {
          for (int top = first; top < to; top += Rows.TILE) {
            int bottom = Math.min(to, top + Rows.TILE);
            for (int i = top; i < bottom; i++) {
              Rows.add(g[i], packed, i * 2 * b, both, 0, 2 * b, Math.max(from, i), to);
            }
            mirror(top, bottom, Math.max(from, top), to);
          }
        });
  }

  private void addChunked(double[] out, double[] a, double[][] rows, int count, int first) {
    for (int from = first; from < m; from += Rows.CHUNK) {
      Rows.add(out, a, 0, rows, 0, count, from, Math.min(m, from + Rows.CHUNK));
    }
  }

  /**
   * Copies what stands above the diagonal in rows [top, bottom) and columns [from, to) below it,
   * while it is still in the cache: a line's worth of rows becomes a line of each column.
   */
  private void mirror(int top, int bottom, int from, int to) {
    double[][] g = reflections;
    int corner = Math.min(to, Math.max(from, bottom));
    for (int l = from; l < corner; l++) {
      for (int i = top; i < l; i++) {
        g[l][i] = g[i][l];
      }
    }
    if (bottom - top < Rows.TILE) {
      for (int l = corner; l < to; l++) {
        for (int i = top; i < bottom; i++) {
          g[l][i] = g[i][l];
        }
      }
      return;
    }
    double[] r0 = g[top];
    double[] r1 = g[top + 1];
    double[] r2 = g[top + 2];
    double[] r3 = g[top + 3];
    double[] r4 = g[top + 4];
    double[] r5 = g[top + 5];
    double[] r6 = g[top + 6];
    double[] r7 = g[top + 7];
    for (int l = corner; l < to; l++) {
      double[] out = g[l];
      out[top] = r0[l];
      out[top + 1] = r1[l];
      out[top + 2] = r2[l];
      out[top + 3] = r3[l];
      out[top + 4] = r4[l];
      out[top + 5] = r5[l];
      out[top + 6] = r6[l];
      out[top + 7] = r7[l];
    }
  }

  /** B(i, j), zero outside the band. */
  public double entry(int i, int j) {
    int distance = Math.abs(i - j);
    return distance > HALF_WIDTH ? 0 : band[Math.max(i, j) * ROW + HALF_WIDTH - distance];
  }

  /**
   * x ← Qᵀx.
   *
   * <p><b>Shapes</b>: x m rows of at least {@code columns}, overwritten. <b>Cost</b>: 2m² flops a
   * column.
   */
  public void toBand(double[][] x, int columns) {
    for (int p = 0; p < triangles.length; p++) {
      apply(p, true, x, columns);
    }
  }

  /**
   * x ← Qx.
   *
   * <p><b>Shapes</b>: x m rows of at least {@code columns}, overwritten. <b>Cost</b>: 2m² flops a
   * column.
   */
  public void fromBand(double[][] x, int columns) {
    for (int p = triangles.length - 1; p >= 0; p--) {
      apply(p, false, x, columns);
    }
  }

  private void apply(int p, boolean transposed, double[][] x, int columns) {
    int b = HALF_WIDTH;
    int first = (p + 1) * b;
    double[] t = triangles[p];
    double[][] v = new double[b][];
    System.arraycopy(reflections, p * b, v, 0, b);
    double[][] products = new double[b][columns];
    double[][] scaled = new double[b][columns];
    double[] coefficients = new double[b];
    double[] packed = new double[m * b];
    Rows.pack(1, v, b, first, m, packed, b, 0);
    Rows.multiply(b, products, packed, x, first, m, 0, columns);
    for (int from = 0; from < columns; from += Rows.CHUNK) {
      int to = Math.min(columns, from + Rows.CHUNK);
      for (int c = 0; c < b; c++) {
        for (int d = 0; d < b; d++) {
          coefficients[d] = -(transposed ? t[d * b + c] : t[c * b + d]);
        }
        Rows.add(scaled[c], coefficients, 0, products, 0, b, from, to);
      }
      for (int i = first; i < m; i++) {
        Rows.add(x[i], packed, i * b, scaled, 0, b, from, to);
      }
    }
  }

  /**
   * The Cholesky factor of B + λI.
   *
   * <p><b>Cost</b>: mb² flops, 8m(b+1) bytes.
   *
   * @throws SnnkException if it is not positive definite
   */
  public BandCholesky factor(double lambda) {
    return BandCholesky.of(m, HALF_WIDTH, band, lambda);
  }
}
