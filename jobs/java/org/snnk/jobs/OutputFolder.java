package org.snnk.jobs;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.util.ShutdownHookManager;
import org.snnk.SnnkException;

/**
 * A folder that appears whole or not at all.
 *
 * <p>Everything is written into a hidden sibling, which {@link #commit} renames. A failure or
 * ctrl-C before that removes the sibling; kill -9 leaves it behind, never a half of the folder
 * itself. Where a folder is replaced, the old one stays until the new one is complete, and only a
 * folder that this class wrote (it has a {@value #MARKER} file) is ever replaced.
 *
 * <p>Works on any Hadoop file system. A path without a scheme lies on the default one, which is the
 * local disk unless the cluster's core-site.xml says otherwise; a relative path starts at the
 * current folder. Renaming is atomic on local disks and HDFS; object stores copy.
 */
public final class OutputFolder implements AutoCloseable {
  /** Tells a folder that may be replaced from one that somebody keeps other things in. */
  static final String MARKER = "_SNNK";

  // After Spark's own hook (40), so that nothing writes any more; before Hadoop closes the file
  // systems (10).
  private static final int HOOK_PRIORITY = FileSystem.SHUTDOWN_HOOK_PRIORITY + 5;

  private final FileSystem files;
  private final Path target;
  private final Path temporary;
  private final boolean overwrite;
  private final Deque<Path> createdParents = new ArrayDeque<>();
  private final Runnable hook = this::close;
  private boolean ended;

  private OutputFolder(FileSystem files, Path target, boolean overwrite) {
    this.files = files;
    this.target = target;
    this.overwrite = overwrite;
    String name = "." + target.getName() + ".tmp-" + UUID.randomUUID().toString().substring(0, 8);
    this.temporary = new Path(target.getParent(), name);
  }

  /**
   * Checks that the folder may be written, and makes the temporary one.
   *
   * @throws SnnkException where the folder exists and must not be replaced, or cannot be made
   */
  public static OutputFolder open(String folder, boolean overwrite, Configuration hadoop) {
    try {
      Path path = new Path(folder);
      FileSystem files = path.getFileSystem(hadoop);
      if (files instanceof LocalFileSystem checked) {
        files = checked.getRawFileSystem(); // no .crc file beside each of ours
      }
      Path target = qualified(files, path);
      if (target.getParent() == null) {
        throw error(folder, "a folder that can be written", "the root", "Name a folder below it.");
      }
      OutputFolder output = new OutputFolder(files, target, overwrite);
      output.checkTarget();
      output.makeTemporary();
      ShutdownHookManager.get().addShutdownHook(output.hook, HOOK_PRIORITY);
      return output;
    } catch (IOException | IllegalArgumentException mistake) {
      throw error(
          folder,
          "a folder that can be written",
          "'" + mistake.getMessage() + "'",
          "Check the path and its rights.");
    }
  }

  /** The folder's final name. */
  public Path target() {
    return target;
  }

  /**
   * Where a child is written until the folder is complete; for writers that take a path, such as
   * Spark's. Its text is {@code resolve(child).toString()}.
   */
  public Path resolve(String child) {
    return new Path(temporary, child);
  }

  /** Opens a new file; parents are made. */
  public OutputStream create(String child) {
    try {
      return new BufferedOutputStream(files.create(resolve(child), false));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Writes a text file in UTF-8. */
  public void write(String child, String text) {
    try (OutputStream stream = create(child)) {
      stream.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /**
   * Stops a job whose output would replace what it reads.
   *
   * @param what the input in words, such as {@code model.path}
   * @param input its path
   */
  public void refuseToReplace(String what, String input) {
    try {
      Path path = new Path(input);
      URI read = qualified(path.getFileSystem(files.getConf()), path).toUri();
      URI written = target.toUri();
      boolean sameFiles =
          Objects.equals(read.getScheme(), written.getScheme())
              && Objects.equals(read.getAuthority(), written.getAuthority());
      boolean within = (read.getPath() + "/").startsWith(written.getPath() + "/");
      if (overwrite && sameFiles && within) {
        throw error(
            target.toString(), "a folder apart from " + what, "one around it", "Name another.");
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Gives the folder its final name. Nothing may be written afterwards. */
  public synchronized void commit() {
    if (ended) {
      throw new IllegalStateException("output folder already ended: " + target);
    }
    try {
      write(
          MARKER,
          "Written by snnk-spark. With output.overwrite=true it may replace this folder.\n");
      checkTarget();
      Path old = new Path(target.getParent(), temporary.getName().replace(".tmp-", ".old-"));
      boolean replaces = files.exists(target);
      if (replaces) {
        rename(target, old);
      }
      try {
        rename(temporary, target);
      } catch (IOException failure) {
        if (replaces) {
          rename(old, target);
        }
        throw failure;
      }
      ended = true;
      ShutdownHookManager.get().removeShutdownHook(hook);
      if (replaces) {
        files.delete(old, true);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException("output folder " + target, failure);
    }
  }

  /** Removes all that was written, unless it was committed. */
  @Override
  public synchronized void close() {
    if (ended) {
      return;
    }
    ended = true;
    try {
      files.delete(temporary, true);
      while (!createdParents.isEmpty()) {
        Path parent = createdParents.removeFirst();
        if (files.listStatus(parent).length > 0) {
          break;
        }
        files.delete(parent, false);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException("temporary folder " + temporary, failure);
    } finally {
      if (!ShutdownHookManager.get().isShutdownInProgress()) {
        ShutdownHookManager.get().removeShutdownHook(hook);
      }
    }
  }

  // Absolute, and on a local disk without links: a link stays, and what it points to is replaced.
  private static Path qualified(FileSystem files, Path path) throws IOException {
    if (!"file".equals(files.getUri().getScheme())) {
      return files.makeQualified(path);
    }
    java.nio.file.Path local = java.nio.file.Path.of(path.toUri().getPath()).toAbsolutePath();
    if (java.nio.file.Files.exists(local)) {
      local = local.toRealPath();
    }
    return new Path("file", null, local.normalize().toString());
  }

  private void checkTarget() throws IOException {
    if (!files.exists(target)) {
      return;
    }
    String shown =
        "file".equals(files.getUri().getScheme()) ? target.toUri().getPath() : target.toString();
    if (!files.getFileStatus(target).isDirectory()) {
      throw error(shown, "a folder", "a file of that name", "Name another folder.");
    }
    if (!overwrite) {
      throw error(
          shown,
          "a folder that is not there yet",
          "one that is",
          "Name another, or set output.overwrite=true to replace it.");
    }
    boolean ours = files.exists(new Path(target, MARKER));
    if (!ours && files.listStatus(target).length > 0) {
      throw error(
          shown,
          "a folder written by snnk to replace",
          "one with other files and no " + MARKER,
          "Name another, or remove it yourself.");
    }
  }

  private void makeTemporary() throws IOException {
    for (Path parent = target.getParent();
        parent != null && !files.exists(parent);
        parent = parent.getParent()) {
      createdParents.addLast(parent); // the innermost first, as close() removes them
    }
    if (!files.mkdirs(temporary)) {
      throw new IOException("cannot make " + temporary);
    }
  }

  private void rename(Path from, Path to) throws IOException {
    if (!files.rename(from, to)) {
      throw new IOException("cannot rename " + from + " to " + to);
    }
  }

  private static SnnkException error(String folder, String expected, String got, String remedy) {
    return new SnnkException("output.dir '" + folder + "'", expected, got, null, remedy);
  }
}
