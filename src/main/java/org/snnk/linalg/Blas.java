package org.snnk.linalg;

import dev.ludovic.netlib.blas.BLAS;
import dev.ludovic.netlib.blas.JavaBLAS;
import dev.ludovic.netlib.blas.NativeBLAS;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.snnk.SnnkException;

/**
 * The block products that everything is made of, on the fastest BLAS this process can load.
 *
 * <p>OpenBLAS comes as a Maven dependency and is called through netlib's JNI, which Spark carries;
 * where it cannot be loaded, netlib's pure-Java kernels do the work and one warning says so. The
 * system property {@code snnk.blas} = {@code auto} (default), {@code native} (fail rather than fall
 * back) or {@code java} chooses.
 *
 * <p><b>Deterministic</b> only on integers whose partial sums stay below 2⁵³ (see {@link Grid}):
 * there every backend, thread count and blocking gives the same bits.
 *
 * <p>Thread-safe. OpenBLAS's own threads are set by {@code OPENBLAS_NUM_THREADS}, which should be 1
 * where the cores belong to Spark's tasks.
 */
public final class Blas {
  /** The system property that chooses the backend. */
  public static final String PROPERTY = "snnk.blas";

  private static final Logger LOG = System.getLogger(Blas.class.getName());
  private static final String NETLIB_PATH = "dev.ludovic.netlib.blas.nativeLibPath";
  private static final String[] LIBRARIES = {
    "libopenblas.so.0", "libgfortran.so.5", "libquadmath.so.0", "libgcc_s.so.1"
  };
  private static final int TILE = 256;

  private final BLAS netlib;
  private final boolean nativeCode;
  private final String description;

  private Blas(BLAS netlib, boolean nativeCode, String description) {
    this.netlib = netlib;
    this.nativeCode = nativeCode;
    this.description = description;
  }

  /** Loaded once a process. */
  private static final class Holder {
    static final Blas INSTANCE = choose(System.getProperty(PROPERTY, "auto"));
  }

  /**
   * The backend of this process.
   *
   * @throws SnnkException if {@code snnk.blas=native} and no native library can be loaded, or the
   *     property has another value
   */
  public static Blas backend() {
    return Holder.INSTANCE;
  }

  /** The pure-Java kernels, whatever this process otherwise uses. */
  public static Blas java() {
    BLAS java = JavaBLAS.getInstance();
    return new Blas(java, false, "pure Java (netlib " + java.getClass().getSimpleName() + ")");
  }

  private static Blas choose(String choice) {
    Blas chosen =
        switch (choice) {
          case "java" -> java();
          case "native" -> loadNative();
          case "auto" -> {
            try {
              yield loadNative();
            } catch (SnnkException notLoaded) {
              LOG.log(
                  Level.WARNING,
                  "{0} The slower pure-Java kernels are used.",
                  notLoaded.getMessage());
              yield java();
            }
          }
          default ->
              throw new SnnkException(
                  "system property " + PROPERTY,
                  "auto, native or java",
                  "'" + choice + "'",
                  null,
                  "Choose one of the three.");
        };
    LOG.log(Level.INFO, "BLAS: {0}", chosen.description);
    return chosen;
  }

  /**
   * OpenBLAS from the class path, unless the user points netlib at a library. The extracted files
   * are deleted again once they are mapped.
   */
  private static Blas loadNative() {
    Path folder = null;
    try {
      String threads = System.getenv().getOrDefault("OPENBLAS_NUM_THREADS", "one per core");
      if (System.getProperty(NETLIB_PATH) != null) {
        return new Blas(
            NativeBLAS.getInstance(),
            true,
            "native " + System.getProperty(NETLIB_PATH) + ", threads: " + threads);
      }
      folder = Files.createTempDirectory("snnk-openblas");
      Path library = extract(folder);
      System.setProperty(NETLIB_PATH, library.toString());
      return new Blas(
          NativeBLAS.getInstance(), true, "OpenBLAS through netlib's JNI, threads: " + threads);
    } catch (IOException | RuntimeException | LinkageError e) {
      throw new SnnkException(
          "native BLAS",
          "a loadable OpenBLAS for " + platform(),
          e.getMessage() == null ? e.getClass().getSimpleName() : "'" + e.getMessage() + "'",
          null,
          "Add org.bytedeco:openblas with this platform's classifier, point -D"
              + NETLIB_PATH
              + " at a library, or set "
              + PROPERTY
              + "=java.");
    } finally {
      if (folder != null) {
        delete(folder);
      }
    }
  }

  private static String platform() {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    return (os.startsWith("mac") ? "macosx" : os.startsWith("windows") ? "windows" : "linux")
        + "-"
        + (arch.equals("amd64") ? "x86_64" : arch.equals("aarch64") ? "arm64" : arch);
  }

  private static Path extract(Path folder) throws IOException {
    String from = "org/bytedeco/openblas/" + platform() + "/";
    ClassLoader loader = Blas.class.getClassLoader();
    for (String library : LIBRARIES) {
      try (InputStream in = loader.getResourceAsStream(from + library)) {
        if (in != null) {
          Files.copy(in, folder.resolve(library));
        } else if (library.equals(LIBRARIES[0])) {
          throw new IOException("no " + from + library + " on the class path");
        }
      }
    }
    return folder.resolve(LIBRARIES[0]);
  }

  private static void delete(Path folder) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "could not delete " + folder, e);
    }
  }

  /** The backend in words, for logs and run records. */
  public String description() {
    return description;
  }

  /** Whether a native library does the work. */
  public boolean isNative() {
    return nativeCode;
  }

  /**
   * out = A·B.
   *
   * <p><b>Shapes</b>: a n×k with rows ldA apart, b k×m contiguous, out n×m with rows ldOut apart,
   * overwritten. <b>Cost</b>: 2nkm flops.
   */
  public void multiply(
      int n, int k, int m, double[] a, int ldA, double[] b, double[] out, int ldOut) {
    multiply(n, k, m, a, 0, ldA, b, out, 0, ldOut);
  }

  /** The same with A and out from offsets on. */
  public void multiply(
      int n,
      int k,
      int m,
      double[] a,
      int fromA,
      int ldA,
      double[] b,
      double[] out,
      int fromOut,
      int ldOut) {
    if (n == 0 || m == 0) {
      return;
    }
    // Row-major A·B is column-major Bᵀ·Aᵀ of the same memory.
    netlib.dgemm("N", "N", m, n, k, 1, b, 0, m, a, fromA, ldA, 0, out, fromOut, ldOut);
  }

  /**
   * out = AᵀB.
   *
   * <p><b>Shapes</b>: a n×p with rows ldA apart, b n×q contiguous, out p×q contiguous, overwritten.
   * <b>Cost</b>: 2npq flops.
   */
  public void multiplyTransposed(
      int n, int p, int q, double[] a, int ldA, double[] b, double[] out) {
    if (p == 0 || q == 0) {
      return;
    }
    // Row-major AᵀB is column-major BᵀA of the same memory.
    netlib.dgemm("N", "T", q, p, n, 1, b, q, a, ldA, 0, out, q);
  }

  /**
   * The panel of AᵀA that belongs to columns [from, to): out[i][j] = Σ_r a[r][from+i]·a[r][from+j]
   * for j ≥ i, or with {@code add} what was there plus that.
   *
   * <p><b>Shapes</b>: a n×p with rows ldA apart; out (to−from)×(p−from) contiguous, its upper
   * triangle overwritten or added to, what stands left of the diagonal left undefined. Both arrays
   * have room for one row more, since netlib checks offset + rows·ld against their length.
   * <b>Cost</b>: n(to−from)(2p−from−to) flops.
   */
  public void gramPanel(
      int n, int p, int from, int to, double[] a, int ldA, double[] out, boolean add) {
    int width = to - from;
    int ldOut = p - from;
    double beta = add ? 1 : 0;
    if (nativeCode) {
      netlib.dsyrk("L", "N", width, n, 1, a, from, ldA, beta, out, 0, ldOut);
      if (to < p) {
        netlib.dgemm(
            "N", "T", p - to, width, n, 1, a, to, ldA, a, from, ldA, beta, out, width, ldOut);
      }
      return;
    }
    // netlib's pure-Java dsyrk is several times slower than its dgemm, so the triangle is covered
    // by tiles.
    for (int i = 0; i < width; i += TILE) {
      int rows = Math.min(TILE, width - i);
      netlib.dgemm(
          "N",
          "T",
          p - from - i,
          rows,
          n,
          1,
          a,
          from + i,
          ldA,
          a,
          from + i,
          ldA,
          beta,
          out,
          i * ldOut + i,
          ldOut);
    }
  }

  /**
   * The same in single precision, always overwritten: rounded, and different in its last bits from
   * backend to backend.
   */
  public void gramPanel(int n, int p, int from, int to, float[] a, int ldA, float[] out) {
    int width = to - from;
    int ldOut = p - from;
    if (nativeCode) {
      netlib.ssyrk("L", "N", width, n, 1, a, from, ldA, 0, out, 0, ldOut);
      if (to < p) {
        netlib.sgemm("N", "T", p - to, width, n, 1, a, to, ldA, a, from, ldA, 0, out, width, ldOut);
      }
      return;
    }
    for (int i = 0; i < width; i += TILE) {
      int rows = Math.min(TILE, width - i);
      int at = from + i;
      netlib.sgemm(
          "N", "T", p - at, rows, n, 1, a, at, ldA, a, at, ldA, 0, out, i * ldOut + i, ldOut);
    }
  }

  /**
   * out = A·B in single precision, or with {@code add} what was there plus that: rounded, and
   * different in its last bits from backend to backend.
   *
   * <p><b>Shapes</b>: a n×k, b k×m, out n×m, all contiguous; b is read from {@code fromB} on.
   * <b>Cost</b>: 2nkm flops.
   */
  public void multiply(
      int n, int k, int m, float[] a, float[] b, int fromB, float[] out, boolean add) {
    if (n > 0 && m > 0) {
      netlib.sgemm("N", "N", m, n, k, 1, b, fromB, m, a, 0, k, add ? 1 : 0, out, 0, m);
    }
  }

  /**
   * out += AᵀB in single precision.
   *
   * <p><b>Shapes</b>: a n×p, b n×q, out p×q, all contiguous; out is added to from {@code fromOut}
   * on. <b>Cost</b>: 2npq flops.
   */
  public void addTransposedProduct(
      int n, int p, int q, float[] a, float[] b, float[] out, int fromOut) {
    if (p > 0 && q > 0) {
      netlib.sgemm("N", "T", q, p, n, 1, b, 0, q, a, 0, p, 1, out, fromOut, q);
    }
  }

  /**
   * out = A·Bᵀ in single precision, or with {@code add} what was there plus that.
   *
   * <p><b>Shapes</b>: a n×m, b k×m, out n×k, all contiguous; b is read from {@code fromB} on.
   * <b>Cost</b>: 2nkm flops.
   */
  public void multiplyByTransposed(
      int n, int m, int k, float[] a, float[] b, int fromB, float[] out, boolean add) {
    if (n > 0 && k > 0) {
      netlib.sgemm("T", "N", k, n, m, 1, b, fromB, m, a, 0, m, add ? 1 : 0, out, 0, k);
    }
  }
}
