package io.streamhouse.read.filter;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * A condition on the columns of a row, by name. A row passes if the condition is true; unknown (a comparison with NULL)
 * does not pass, and neither does its negation. Immutable; serializable so that engines can ship it.
 *
 * <p>Literals are objects of the classes that {@link io.streamhouse.spec.Row} names for the column's type; numbers may come
 * in any numeric class and are compared exactly. Text and binary compare by unsigned bytes. Floating point follows Java:
 * NaN is neither below, equal nor above anything, and -0.0 equals 0.0.
 */
public sealed interface Predicate extends Serializable {
    /** Comparison operators. */
    enum Operator {
        EQUAL("="),
        NOT_EQUAL("<>"),
        LESS("<"),
        LESS_OR_EQUAL("<="),
        GREATER(">"),
        GREATER_OR_EQUAL(">=");

        private final String symbol;

        Operator(String symbol) {
            this.symbol = symbol;
        }

        /** As in SQL. */
        public String symbol() {
            return symbol;
        }
    }

    /**
     * A column against a literal.
     *
     * @param column column name
     * @param operator comparison
     * @param literal value; null makes the comparison unknown for every row
     */
    record Compare(String column, Operator operator, Object literal) implements Predicate {
        public Compare {
            Objects.requireNonNull(column, "column");
            Objects.requireNonNull(operator, "operator");
        }
    }

    /**
     * True where the column is NULL; never unknown.
     *
     * @param column column name
     */
    record IsNull(String column) implements Predicate {
        public IsNull {
            Objects.requireNonNull(column, "column");
        }
    }

    /**
     * True where the column is not NULL; never unknown.
     *
     * @param column column name
     */
    record IsNotNull(String column) implements Predicate {
        public IsNotNull {
            Objects.requireNonNull(column, "column");
        }
    }

    /**
     * True where the column equals one of the literals; unknown, not false, elsewhere if one of them is null.
     *
     * @param column column name
     * @param literals values, nulls allowed
     */
    record In(String column, List<Object> literals) implements Predicate {
        public In {
            Objects.requireNonNull(column, "column");
            literals = Collections.unmodifiableList(new ArrayList<>(literals));
        }
    }

    /**
     * True if all are.
     *
     * @param all conditions; none: true
     */
    record And(List<Predicate> all) implements Predicate {
        public And {
            all = List.copyOf(all);
        }
    }

    /**
     * True if one is.
     *
     * @param any conditions; none: false
     */
    record Or(List<Predicate> any) implements Predicate {
        public Or {
            any = List.copyOf(any);
        }
    }

    /**
     * True where the condition is false.
     *
     * @param condition what is negated
     */
    record Not(Predicate condition) implements Predicate {
        public Not {
            Objects.requireNonNull(condition, "condition");
        }
    }

    static Predicate equal(String column, Object literal) {
        return new Compare(column, Operator.EQUAL, literal);
    }

    static Predicate notEqual(String column, Object literal) {
        return new Compare(column, Operator.NOT_EQUAL, literal);
    }

    static Predicate less(String column, Object literal) {
        return new Compare(column, Operator.LESS, literal);
    }

    static Predicate lessOrEqual(String column, Object literal) {
        return new Compare(column, Operator.LESS_OR_EQUAL, literal);
    }

    static Predicate greater(String column, Object literal) {
        return new Compare(column, Operator.GREATER, literal);
    }

    static Predicate greaterOrEqual(String column, Object literal) {
        return new Compare(column, Operator.GREATER_OR_EQUAL, literal);
    }

    static Predicate isNull(String column) {
        return new IsNull(column);
    }

    static Predicate isNotNull(String column) {
        return new IsNotNull(column);
    }

    static Predicate in(String column, Object... literals) {
        return new In(column, Arrays.asList(literals));
    }

    static Predicate and(Predicate... all) {
        return new And(List.of(all));
    }

    static Predicate or(Predicate... any) {
        return new Or(List.of(any));
    }

    static Predicate not(Predicate condition) {
        return new Not(condition);
    }

    /** Names of the columns it looks at, in order of appearance. */
    default Set<String> columns() {
        Set<String> out = new LinkedHashSet<>();
        collect(this, out);
        return out;
    }

    private static void collect(Predicate predicate, Set<String> out) {
        if (predicate instanceof Compare c) {
            out.add(c.column());
        } else if (predicate instanceof IsNull n) {
            out.add(n.column());
        } else if (predicate instanceof IsNotNull n) {
            out.add(n.column());
        } else if (predicate instanceof In in) {
            out.add(in.column());
        } else if (predicate instanceof And and) {
            and.all().forEach(p -> collect(p, out));
        } else if (predicate instanceof Or or) {
            or.any().forEach(p -> collect(p, out));
        } else if (predicate instanceof Not not) {
            collect(not.condition(), out);
        }
    }
}
