package io.streamhouse.flink;

import io.streamhouse.spec.option.Options;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.table.catalog.Catalog;
import org.apache.flink.table.factories.CatalogFactory;

/**
 * {@code CREATE CATALOG c WITH ('type' = 'streamhouse', 'warehouse' = 'file:///…')}, with the options of scope catalog of
 * {@link Options} for the store.
 */
public final class StreamhouseCatalogFactory implements CatalogFactory {
    /** Value of {@code type}. */
    public static final String IDENTIFIER = "streamhouse";

    /** Root of the warehouse, a URI. */
    public static final ConfigOption<String> WAREHOUSE =
            ConfigOptions.key("warehouse").stringType().noDefaultValue();

    private static final String TYPE = "type";

    @Override
    public String factoryIdentifier() {
        return IDENTIFIER;
    }

    @Override
    public Set<ConfigOption<?>> requiredOptions() {
        return Set.of(WAREHOUSE);
    }

    @Override
    public Set<ConfigOption<?>> optionalOptions() {
        return Set.of();
    }

    @Override
    public Catalog createCatalog(Context context) {
        Map<String, String> options = new TreeMap<>(context.getOptions());
        options.remove(TYPE);
        // unchecked: to what a factory throws Flink adds all options, a password in the URI among them; to what open
        // throws, not
        return new StreamhouseCatalog(context.getName(), options);
    }
}
