package org.snnk.jobs;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigParseable;
import java.io.File;

/**
 * Includes a file beside the including one, and stops where it is not there.
 *
 * <p>HOCON itself passes over an include that does not exist; a misspelt one would silently lose
 * its settings.
 */
final class StrictIncluder implements ConfigIncluder, ConfigIncluderFile {
  @Override
  public ConfigIncluder withFallback(ConfigIncluder fallback) {
    return this;
  }

  @Override
  public ConfigObject include(ConfigIncludeContext context, String what) {
    ConfigParseable beside = context.relativeTo(what);
    if (beside == null) {
      throw new ConfigException.Generic("include \"" + what + "\" names no file");
    }
    return beside.parse(strict(context));
  }

  @Override
  public ConfigObject includeFile(ConfigIncludeContext context, File what) {
    return ConfigFactory.parseFile(what, strict(context)).root();
  }

  private ConfigParseOptions strict(ConfigIncludeContext context) {
    return context.parseOptions().setAllowMissing(false).setIncluder(this);
  }
}
