package io.streamhouse.flink;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.TableName;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.catalog.Catalog;
import org.apache.flink.table.factories.CatalogFactory;

/** {@code CREATE CATALOG c WITH ('type' = 'streamhouse', 'warehouse' = 'file:///…')}. */
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
        try {
            return new StreamhouseCatalog(context.getName(), warehouse(context.getOptions()));
        } catch (StreamhouseException e) {
            throw new ValidationException(e.getMessage(), e);
        }
    }

    private static URI warehouse(Map<String, String> options) {
        Set<String> unknown = new TreeSet<>(options.keySet());
        unknown.remove(TYPE);
        unknown.remove(WAREHOUSE.key());
        if (!unknown.isEmpty()) {
            throw new StreamhouseException(
                    ErrorCode.UNKNOWN_OPTION,
                    "catalog option '%s' is not known; there are 'type' and 'warehouse'"
                            .formatted(TableName.printable(unknown.iterator().next())));
        }
        String text = options.getOrDefault(WAREHOUSE.key(), "").trim();
        try {
            URI uri = URI.create(text);
            if (uri.getScheme() == null) {
                throw new IllegalArgumentException("no scheme");
            }
            return uri;
        } catch (IllegalArgumentException e) {
            throw new StreamhouseException(
                    ErrorCode.BAD_OPTION_VALUE,
                    "'warehouse' = '%s'; allowed: a URI such as file:///data/warehouse"
                            .formatted(TableName.printable(text)),
                    e);
        }
    }
}
