package org.snnk.linalg;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;
import org.snnk.random.CounterRandom;

class RowsTest {
  /** Enough columns that several threads share them, and no whole number of chunks. */
  private static final int M = 700;

  /** A stream that starts within a pool runs on the threads of that pool. */
  private static <T> T on(int threads, Callable<T> work) throws Exception {
    ForkJoinPool pool = new ForkJoinPool(threads);
    try {
      return pool.submit(work).get();
    } finally {
      pool.shutdown();
    }
  }

  private static double[] gram() {
    CounterRandom random = new CounterRandom(3, 9);
    double[] gram = new double[M * M];
    for (int i = 0; i < M; i++) {
      for (int j = i; j < M; j++) {
        gram[i * M + j] = random.gaussian((long) i * M + j) / M + (i == j ? 3 : 0);
        gram[j * M + i] = gram[i * M + j];
      }
    }
    return gram;
  }

  @Test
  void chunksCoverAllColumnsOnce() throws Exception {
    int[] visits = new int[M];
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    boolean unused =
        on(
            3,
            () -> {
              Rows.inChunks(
                  5,
                  M,
                  (from, to) -> {
                    threads.add(Thread.currentThread());
                    assertThat(to - from).isBetween(1, Rows.CHUNK);
                    for (int j = from; j < to; j++) {
                      visits[j]++;
                    }
                  });
              return true;
            });
    assertThat(Arrays.copyOf(visits, 5)).containsOnly(0);
    assertThat(Arrays.copyOfRange(visits, 5, M)).containsOnly(1);
    assertThat(threads).hasSizeBetween(1, 3);
  }

  @Test
  void bandAndItsFactorHaveTheSameBitsOnAnyNumberOfThreads() throws Exception {
    BandForm one = on(1, () -> BandForm.of(M, gram()));
    BandForm four = on(4, () -> BandForm.of(M, gram()));
    double[][] x = new double[M][M];
    double[][] y = new double[M][M];
    for (int i = 0; i < M; i++) {
      x[i][i] = 1;
      y[i][i] = 1;
      for (int j = Math.max(0, i - BandForm.HALF_WIDTH); j <= i; j++) {
        assertThat(four.entry(i, j)).isEqualTo(one.entry(i, j));
      }
    }
    one.fromBand(x, M);
    boolean unused =
        on(
            4,
            () -> {
              four.fromBand(y, M);
              return true;
            });
    assertThat(Arrays.deepEquals(x, y)).isTrue();
  }

  @Test
  void aCholeskySolutionHasTheSameBitsOnAnyNumberOfThreads() throws Exception {
    double[] b = Arrays.copyOf(gram(), M);
    double[] one = on(1, () -> Cholesky.solve(M, gram(), 1e-3, 1, b));
    assertThat(on(4, () -> Cholesky.solve(M, gram(), 1e-3, 1, b))).containsExactly(one);
  }
}
