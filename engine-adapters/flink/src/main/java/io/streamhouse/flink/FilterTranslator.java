package io.streamhouse.flink;

import io.streamhouse.read.filter.Predicate;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.table.expressions.CallExpression;
import org.apache.flink.table.expressions.FieldReferenceExpression;
import org.apache.flink.table.expressions.ResolvedExpression;
import org.apache.flink.table.expressions.ValueLiteralExpression;
import org.apache.flink.table.functions.BuiltInFunctionDefinitions;
import org.apache.flink.table.functions.FunctionDefinition;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.LogicalTypeRoot;

/**
 * Flink's conditions as the table's. What has no exact counterpart is left out: Flink evaluates every condition again
 * over the rows it gets, so a part of a conjunction may be missing here, and nothing else may.
 */
final class FilterTranslator {
    private FilterTranslator() {}

    /** The conjunction of all conditions that can be translated; empty if none can. */
    static Optional<Predicate> translate(List<ResolvedExpression> filters) {
        List<Predicate> all = new ArrayList<>();
        filters.forEach(f -> translate(f).ifPresent(all::add));
        return all.isEmpty() ? Optional.empty() : Optional.of(all.size() == 1 ? all.get(0) : new Predicate.And(all));
    }

    /** Whether the whole condition has a counterpart. */
    static boolean isTranslatable(ResolvedExpression filter) {
        return translate(filter).isPresent();
    }

    private static Optional<Predicate> translate(ResolvedExpression expression) {
        if (expression instanceof FieldReferenceExpression field && isBoolean(field)) {
            return Optional.of(Predicate.equal(field.getName(), true));
        }
        if (!(expression instanceof CallExpression call)) {
            return Optional.empty();
        }
        FunctionDefinition function = call.getFunctionDefinition();
        List<ResolvedExpression> args = call.getResolvedChildren();
        if (function == BuiltInFunctionDefinitions.AND) {
            return all(args).map(Predicate.And::new);
        }
        if (function == BuiltInFunctionDefinitions.OR) {
            return all(args).map(Predicate.Or::new);
        }
        if (function == BuiltInFunctionDefinitions.NOT) {
            return translate(args.get(0)).map(Predicate.Not::new);
        }
        if (function == BuiltInFunctionDefinitions.IS_NULL) {
            return column(args.get(0)).map(Predicate.IsNull::new);
        }
        if (function == BuiltInFunctionDefinitions.IS_NOT_NULL) {
            return column(args.get(0)).map(Predicate.IsNotNull::new);
        }
        if (function == BuiltInFunctionDefinitions.IN) {
            return in(args);
        }
        return operator(function).flatMap(o -> comparison(args.get(0), o, args.get(1)));
    }

    private static boolean isBoolean(FieldReferenceExpression field) {
        return field.getOutputDataType().getLogicalType().is(LogicalTypeRoot.BOOLEAN);
    }

    private static Optional<List<Predicate>> all(List<ResolvedExpression> args) {
        List<Predicate> out = new ArrayList<>();
        args.forEach(a -> translate(a).ifPresent(out::add));
        return out.size() == args.size() ? Optional.of(out) : Optional.empty();
    }

    private static Optional<Predicate> in(List<ResolvedExpression> args) {
        Optional<FieldReferenceExpression> field = field(args.get(0));
        if (field.isEmpty()) {
            return Optional.empty();
        }
        List<Object> values = new ArrayList<>();
        for (ResolvedExpression a : args.subList(1, args.size())) {
            Optional<Object> value = literal(field.get(), a);
            if (value.isEmpty()) {
                return Optional.empty();
            }
            values.add(value.get());
        }
        return Optional.of(new Predicate.In(field.get().getName(), values));
    }

    private static Optional<Predicate.Operator> operator(FunctionDefinition f) {
        if (f == BuiltInFunctionDefinitions.EQUALS) {
            return Optional.of(Predicate.Operator.EQUAL);
        } else if (f == BuiltInFunctionDefinitions.NOT_EQUALS) {
            return Optional.of(Predicate.Operator.NOT_EQUAL);
        } else if (f == BuiltInFunctionDefinitions.LESS_THAN) {
            return Optional.of(Predicate.Operator.LESS);
        } else if (f == BuiltInFunctionDefinitions.LESS_THAN_OR_EQUAL) {
            return Optional.of(Predicate.Operator.LESS_OR_EQUAL);
        } else if (f == BuiltInFunctionDefinitions.GREATER_THAN) {
            return Optional.of(Predicate.Operator.GREATER);
        } else if (f == BuiltInFunctionDefinitions.GREATER_THAN_OR_EQUAL) {
            return Optional.of(Predicate.Operator.GREATER_OR_EQUAL);
        }
        return Optional.empty();
    }

    private static Optional<Predicate> comparison(
            ResolvedExpression left, Predicate.Operator operator, ResolvedExpression right) {
        Optional<FieldReferenceExpression> field = field(left);
        if (field.isPresent()) {
            return literal(field.get(), right)
                    .map(v -> new Predicate.Compare(field.get().getName(), operator, v));
        }
        return field(right)
                .flatMap(f -> literal(f, left).map(v -> new Predicate.Compare(f.getName(), mirrored(operator), v)));
    }

    private static Predicate.Operator mirrored(Predicate.Operator operator) {
        return switch (operator) {
            case EQUAL, NOT_EQUAL -> operator;
            case LESS -> Predicate.Operator.GREATER;
            case LESS_OR_EQUAL -> Predicate.Operator.GREATER_OR_EQUAL;
            case GREATER -> Predicate.Operator.LESS;
            case GREATER_OR_EQUAL -> Predicate.Operator.LESS_OR_EQUAL;
        };
    }

    private static Optional<FieldReferenceExpression> field(ResolvedExpression e) {
        return e instanceof FieldReferenceExpression f ? Optional.of(f) : Optional.empty();
    }

    private static Optional<String> column(ResolvedExpression e) {
        return field(e).map(FieldReferenceExpression::getName);
    }

    /** The value in the class that the column's type wants; empty for NULL and for what would be compared inexactly. */
    private static Optional<Object> literal(FieldReferenceExpression field, ResolvedExpression e) {
        if (!(e instanceof ValueLiteralExpression value) || value.isNull()) {
            return Optional.empty();
        }
        LogicalType column = field.getOutputDataType().getLogicalType();
        LogicalType given = value.getOutputDataType().getLogicalType();
        Class<?> type =
                switch (column.getTypeRoot()) {
                    case BOOLEAN -> Boolean.class;
                    case TINYINT, SMALLINT, INTEGER, BIGINT, DECIMAL -> exactNumber(given) ? BigDecimal.class : null;
                    case FLOAT -> given.is(LogicalTypeRoot.FLOAT) ? Float.class : null;
                    case DOUBLE -> given.is(LogicalTypeRoot.DOUBLE) ? Double.class : null;
                    case CHAR, VARCHAR -> String.class;
                    case BINARY, VARBINARY -> byte[].class;
                    case DATE -> LocalDate.class;
                    case TIME_WITHOUT_TIME_ZONE -> LocalTime.class;
                    case TIMESTAMP_WITHOUT_TIME_ZONE -> LocalDateTime.class;
                    case TIMESTAMP_WITH_LOCAL_TIME_ZONE -> Instant.class;
                    default -> null;
                };
        return type == null ? Optional.empty() : valueAs(value, given, type);
    }

    private static boolean exactNumber(LogicalType type) {
        return switch (type.getTypeRoot()) {
            case TINYINT, SMALLINT, INTEGER, BIGINT, DECIMAL -> true;
            default -> false;
        };
    }

    private static Optional<Object> valueAs(ValueLiteralExpression value, LogicalType given, Class<?> type) {
        if (type == BigDecimal.class) {
            Optional<Object> number = value.getValueAs(Object.class).map(Object.class::cast);
            return number.map(n -> n instanceof BigDecimal ? n : (Object) BigDecimal.valueOf(((Number) n).longValue()));
        }
        return value.getValueAs(type).map(Object.class::cast);
    }
}
