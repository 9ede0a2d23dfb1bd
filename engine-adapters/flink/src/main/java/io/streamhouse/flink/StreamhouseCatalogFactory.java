package io.streamhouse.flink;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.option.Options;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.table.api.ValidationException;
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
        try {
            Map<String, String> storeOptions = new TreeMap<>(context.getOptions());
            storeOptions.remove(TYPE);
            Options.checkCatalog(storeOptions);
            URI warehouse = warehouse(storeOptions.remove(WAREHOUSE.key()));
            return new StreamhouseCatalog(context.getName(), warehouse, storeOptions);
        } catch (StreamhouseException e) {
            throw new ValidationException(e.getMessage(), e);
        }
    }

    private static URI warehouse(String given) {
        String text = given == null ? "" : given.trim();
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
