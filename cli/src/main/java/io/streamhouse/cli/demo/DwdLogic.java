package io.streamhouse.cli.demo;

/**
 * What DWD computes as revenue. Both logics read and store price and discount, and differ only in the expression after
 * the join: so a job of the one restores the state of a job of the other.
 */
enum DwdLogic {
    /** The mistake. */
    WITHOUT_DISCOUNT("CAST(%1$sl_extendedprice AS DECIMAL(18, 4))"),
    RIGHT("CAST(%1$sl_extendedprice * (1 - %1$sl_discount) AS DECIMAL(18, 4))");

    private final String revenue;

    DwdLogic(String revenue) {
        this.revenue = revenue;
    }

    /**
     * The expression.
     *
     * @param prefix what stands before the names of columns: empty, or an alias and a dot
     */
    String revenue(String prefix) {
        return revenue.formatted(prefix);
    }
}
