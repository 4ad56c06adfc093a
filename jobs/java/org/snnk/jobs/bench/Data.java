package org.snnk.jobs.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The simulated rows that are measured on, known by their number of inputs. */
enum Data {
  HIGGS(28, "higgs"),
  COVERTYPE(54, "covertype");

  private final int inputs;
  private final String dataset;

  Data(int inputs, String dataset) {
    this.inputs = inputs;
    this.dataset = dataset;
  }

  int inputs() {
    return inputs;
  }

  String dataset() {
    return dataset;
  }

  static Optional<Data> of(int inputs) {
    return Arrays.stream(values()).filter(data -> data.inputs == inputs).findFirst();
  }

  static List<Integer> widths() {
    return Arrays.stream(values()).map(Data::inputs).toList();
  }
}
