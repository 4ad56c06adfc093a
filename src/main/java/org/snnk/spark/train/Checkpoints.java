package org.snnk.spark.train;

import java.util.Optional;

/** Where a training leaves what it needs to go on after its process ends. */
public interface Checkpoints {
  /** Keeps nothing. */
  Checkpoints NONE =
      new Checkpoints() {
        @Override
        public Optional<byte[]> read(String name) {
          return Optional.empty();
        }

        @Override
        public void write(String name, byte[] bytes) {}
      };

  /** What was written last under a name, if there is something to go on from. */
  Optional<byte[]> read(String name);

  /** Replaces what was written before under a name, whole or not at all. */
  void write(String name, byte[] bytes);
}
