// Any operator of libtorch, by name, through the dispatcher's boxed calling convention.
#include "error.h"
#include "handle.h"
#include "mlperfedu_torch.h"

#include <ATen/core/Generator.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/ivalue.h>

#include <vector>

namespace mt {
namespace {

using Stack = torch::jit::Stack;

template <typename T, typename Get>
c10::IValue list_of(const mt_value* elements, int64_t count, Get&& get) {
    c10::List<T> list;
    list.reserve(count);
    for (int64_t i = 0; i < count; i++) list.push_back(get(elements[i]));
    return c10::IValue(std::move(list));
}

c10::IValue to_list(const mt_value& head, const mt_value* elements) {
    switch (head.kind) {
        case MT_INT_LIST:
            return list_of<int64_t>(elements, head.i, [](const mt_value& v) { return v.i; });
        case MT_DOUBLE_LIST:
            return list_of<double>(elements, head.i, [](const mt_value& v) { return v.d; });
        case MT_BOOL_LIST:
            return list_of<bool>(elements, head.i, [](const mt_value& v) { return v.i != 0; });
        case MT_TENSOR_LIST:
            return list_of<at::Tensor>(elements, head.i, [](const mt_value& v) { return share(v.p); });
        default:
            return list_of<c10::optional<at::Tensor>>(elements, head.i, [](const mt_value& v) {
                return v.p == nullptr ? c10::optional<at::Tensor>() : c10::optional<at::Tensor>(share(v.p));
            });
    }
}

c10::IValue to_ivalue(const mt_value& value, const c10::FunctionSchema& schema, size_t position) {
    switch (value.kind) {
        case MT_NONE: return c10::IValue();
        case MT_INT: return c10::IValue(value.i);
        case MT_DOUBLE: return c10::IValue(value.d);
        case MT_BOOL: return c10::IValue(value.i != 0);
        case MT_TENSOR: return c10::IValue(share(value.p));
        case MT_STRING: return c10::IValue(std::string(static_cast<const char*>(value.p)));
        case MT_DEVICE:
            return c10::IValue(c10::Device(static_cast<c10::DeviceType>(value.i >> 8), static_cast<c10::DeviceIndex>((value.i & 255) - 1)));
        case MT_GENERATOR: return c10::IValue(*static_cast<at::Generator*>(value.p));
        default:
            TORCH_CHECK(value.kind == MT_DEFAULT, "Argument ", position, " of ", schema.name(), " has the unknown kind ", value.kind, ".");
            TORCH_CHECK(schema.arguments().at(position).default_value().has_value(), schema.name(), " has no default for argument '",
                        schema.arguments().at(position).name(), "'.");
            return *schema.arguments()[position].default_value();
    }
}

void push_arguments(const c10::FunctionSchema& schema, const mt_value* args, int64_t count, Stack& stack) {
    for (int64_t i = 0; i < count; i++) {
        if (args[i].kind >= MT_INT_LIST) {
            stack.push_back(to_list(args[i], args + i + 1));
            i += args[i].i;
        } else {
            stack.push_back(to_ivalue(args[i], schema, stack.size()));
        }
    }
    const auto& arguments = schema.arguments();
    while (stack.size() < arguments.size()) {
        const auto& argument = arguments[stack.size()];
        TORCH_CHECK(argument.default_value().has_value(), schema.name(), " misses its argument '", argument.name(), "'.");
        stack.push_back(*argument.default_value());
    }
}

mt_value value_of(int64_t kind, int64_t bits) {
    mt_value value;
    value.kind = kind;
    value.i = bits;
    return value;
}

mt_value value_of(at::Tensor&& tensor) {
    mt_value value;
    value.kind = tensor.defined() ? MT_TENSOR : MT_NONE;
    value.p = release(std::move(tensor));
    return value;
}

void append(c10::IValue&& result, std::vector<mt_value>& values) {
    if (result.isTensor()) {
        values.push_back(value_of(std::move(result).toTensor()));
    } else if (result.isTensorList()) {
        auto list = std::move(result).toTensorVector();
        values.push_back(value_of(MT_TENSOR_LIST, static_cast<int64_t>(list.size())));
        for (auto& tensor : list) values.push_back(value_of(std::move(tensor)));
    } else if (result.isInt()) {
        values.push_back(value_of(MT_INT, result.toInt()));
    } else if (result.isBool()) {
        values.push_back(value_of(MT_BOOL, result.toBool()));
    } else if (result.isDouble()) {
        mt_value value;
        value.kind = MT_DOUBLE;
        value.d = result.toDouble();
        values.push_back(value);
    } else {
        TORCH_CHECK(result.isNone(), "A result of type ", result.tagKind(), " cannot be handed over.");
        values.push_back(value_of(MT_NONE, 0));
    }
}

// One stack per thread, lent for the length of a call: a call inside a call (a managed backward) makes its own.
thread_local Stack spare_stack;
thread_local std::vector<mt_value> waiting;

int64_t hand_over(Stack& stack, mt_value* results, int64_t capacity) {
    if (capacity == 0) return 0;
    if (stack.size() == 1 && stack[0].isTensor()) {
        results[0] = value_of(std::move(stack[0]).toTensor());
        return 1;
    }
    waiting.clear();
    for (auto& result : stack) append(std::move(result), waiting);
    auto count = static_cast<int64_t>(waiting.size());
    if (count <= capacity) mt_take_results(results);
    return count;
}

}  // namespace
}  // namespace mt

void* mt_find_operator(const char* name, const char* overload) {
    return mt::guarded(static_cast<void*>(nullptr), [&]() -> void* {
        auto found = c10::Dispatcher::singleton().findSchema({name, overload});
        return found.has_value() ? new c10::OperatorHandle(*found) : nullptr;
    });
}

int64_t mt_call(void* op, const mt_value* args, int64_t count, mt_value* results, int64_t capacity) {
    return mt::guarded(int64_t{-1}, [&] {
        const auto& handle = *static_cast<c10::OperatorHandle*>(op);
        mt::Stack stack = std::move(mt::spare_stack);
        stack.clear();
        mt::push_arguments(handle.schema(), args, count, stack);
        handle.callBoxed(&stack);
        auto given = mt::hand_over(stack, results, capacity);
        stack.clear();
        mt::spare_stack = std::move(stack);
        return given;
    });
}

void mt_take_results(mt_value* results) {
    for (size_t i = 0; i < mt::waiting.size(); i++) results[i] = mt::waiting[i];
    mt::waiting.clear();
}
