package io.streamhouse.read.filter;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/** The oracle: SQL's logic on one row of plain objects; null is unknown. */
final class ThreeValued {
    private ThreeValued() {}

    static Boolean of(Predicate predicate, Map<String, Object> row) {
        if (predicate instanceof Predicate.Compare c) {
            return compare(c.operator(), row.get(c.column()), c.literal());
        }
        if (predicate instanceof Predicate.IsNull n) {
            return row.get(n.column()) == null;
        }
        if (predicate instanceof Predicate.IsNotNull n) {
            return row.get(n.column()) != null;
        }
        if (predicate instanceof Predicate.In in) {
            Boolean out = false;
            for (Object literal : in.literals()) {
                out = or(out, compare(Predicate.Operator.EQUAL, row.get(in.column()), literal));
            }
            return out;
        }
        if (predicate instanceof Predicate.And and) {
            Boolean out = true;
            for (Predicate p : and.all()) {
                out = not(or(not(out), not(of(p, row))));
            }
            return out;
        }
        if (predicate instanceof Predicate.Or or) {
            Boolean out = false;
            for (Predicate p : or.any()) {
                out = or(out, of(p, row));
            }
            return out;
        }
        return not(of(((Predicate.Not) predicate).condition(), row));
    }

    private static Boolean not(Boolean x) {
        return x == null ? null : !x;
    }

    private static Boolean or(Boolean a, Boolean b) {
        if (Boolean.TRUE.equals(a) || Boolean.TRUE.equals(b)) {
            return true;
        }
        return a == null || b == null ? null : false;
    }

    private static Boolean compare(Predicate.Operator operator, Object value, Object literal) {
        if (value == null || literal == null) {
            return null;
        }
        if (value instanceof Float || value instanceof Double) {
            double x = ((Number) value).doubleValue();
            double y = ((Number) literal).doubleValue();
            return switch (operator) {
                case EQUAL -> x == y;
                case NOT_EQUAL -> x != y;
                case LESS -> x < y;
                case LESS_OR_EQUAL -> x <= y;
                case GREATER -> x > y;
                case GREATER_OR_EQUAL -> x >= y;
            };
        }
        int order = order(value, literal);
        return switch (operator) {
            case EQUAL -> order == 0;
            case NOT_EQUAL -> order != 0;
            case LESS -> order < 0;
            case LESS_OR_EQUAL -> order <= 0;
            case GREATER -> order > 0;
            case GREATER_OR_EQUAL -> order >= 0;
        };
    }

    private static int order(Object value, Object literal) {
        if (value instanceof Number && literal instanceof Number) {
            return new BigDecimal(value.toString()).compareTo(new BigDecimal(literal.toString()));
        }
        if (value instanceof String text) {
            return Arrays.compareUnsigned(
                    text.getBytes(StandardCharsets.UTF_8), ((String) literal).getBytes(StandardCharsets.UTF_8));
        }
        if (value instanceof byte[] bytes) {
            return Arrays.compareUnsigned(bytes, (byte[]) literal);
        }
        return naturally(value, literal);
    }

    @SuppressWarnings("unchecked")
    private static int naturally(Object value, Object literal) {
        return ((Comparable<Object>) value).compareTo(literal);
    }
}
