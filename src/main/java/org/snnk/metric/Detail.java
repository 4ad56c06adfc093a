package org.snnk.metric;

/** How finely a summary resolves scores and rows: a slice of the rows is given less memory. */
public enum Detail {
  /** All rows: 65,536 bins of the score, 512 groups to resample. */
  FULL(16, 7, 512),
  /** One slice of them: 1,024 bins, 64 groups; an interval's width is off by some 9 %. */
  SLICE(10, 5, 64);

  private final int scoreBits;
  private final int coarseBits;
  private final int groups;

  Detail(int scoreBits, int coarseBits, int groups) {
    this.scoreBits = scoreBits;
    this.coarseBits = coarseBits;
    this.groups = groups;
  }

  /** Bins of the score are 2 to this power. */
  int scoreBits() {
    return scoreBits;
  }

  /** Those of each group's score. */
  int coarseBits() {
    return coarseBits;
  }

  /** Groups of rows, a power of two. */
  int groups() {
    return groups;
  }
}
