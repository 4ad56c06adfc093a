package org.snnk.jobs.bench;

import java.util.List;
import java.util.Optional;

/**
 * What is measured, and at what size.
 *
 * @param measures which groups
 * @param numRandomFeatures every m; measures of one m take the smallest
 * @param inputs every d, of {@link #knownInputs}; measures of one d take the first
 * @param rows the row counts whose speeds are compared; the largest bounds every pass
 * @param peerRows rows given to Spark MLlib
 * @param covertypeRows simulated rows of the cross-validated fit
 * @param covertype Covertype's own files in place of them
 * @param repetitions of each measurement; the median counts
 * @param seconds that a pass at the machine's ceiling should last, and that a kernel is repeated
 * @param seed of the simulated rows and of the features
 */
public record Setup(
    List<Measure> measures,
    List<Integer> numRandomFeatures,
    List<Integer> inputs,
    List<Long> rows,
    long peerRows,
    long covertypeRows,
    Optional<String> covertype,
    int repetitions,
    double seconds,
    long seed) {

  /** Sorts what has an order. */
  public Setup {
    measures = measures.stream().distinct().sorted().toList();
    numRandomFeatures = numRandomFeatures.stream().distinct().sorted().toList();
    inputs = inputs.stream().distinct().toList();
    rows = rows.stream().distinct().sorted().toList();
  }

  /** The d for which there are simulated rows. */
  public static List<Integer> knownInputs() {
    return Data.widths();
  }

  int leastFeatures() {
    return numRandomFeatures.get(0);
  }

  Data firstData() {
    return Data.of(inputs.get(0)).orElseThrow();
  }

  List<Data> data() {
    return inputs.stream().map(d -> Data.of(d).orElseThrow()).toList();
  }

  long mostRows() {
    return rows.get(rows.size() - 1);
  }
}
