package io.streamhouse.catalog;

/**
 * Which parts of changing a table's options are in force: all of them, but in tests that show what each is worth.
 *
 * @param readsBack a schema is read back unless the store says that it was created by this very put; without it the
 *     store's word is taken
 * @param looksAgain who has lost a race begins anew with the schema that is the newest now; without it what was seen
 *     first is written under a higher id
 * @see "spec/table.md, section Schemas"
 */
public record AlterationChecks(boolean readsBack, boolean looksAgain) {
    public static final AlterationChecks ALL = new AlterationChecks(true, true);
}
