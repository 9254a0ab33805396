// Gradients: the engine's entry points, and graph nodes whose backward pass is managed code.
#include "error.h"
#include "handle.h"
#include "mlperfedu_torch.h"

#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/functions/utils.h>
#include <torch/csrc/autograd/saved_variable.h>
#include <torch/csrc/autograd/variable.h>

#include <algorithm>

namespace mt {
namespace {

using torch::autograd::variable_list;

variable_list list_of(void** tensors, int64_t count) {
    variable_list list;
    list.reserve(count);
    for (int64_t i = 0; i < count; i++) list.push_back(share(tensors == nullptr ? nullptr : tensors[i]));
    return list;
}

variable_list gradients_of(void** gradients, int64_t count) {
    return gradients == nullptr ? variable_list() : list_of(gradients, count);
}

std::vector<void*> owned_pointers(variable_list&& tensors) {
    std::vector<void*> pointers;
    pointers.reserve(tensors.size());
    for (auto& tensor : tensors) pointers.push_back(release(std::move(tensor)));
    return pointers;
}

at::Tensor adopt(void* owned) {
    return owned == nullptr ? at::Tensor()
                            : at::Tensor(c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim(impl(owned)));
}

thread_local std::string callback_error;

struct ManagedNode : torch::autograd::Node {
    mt_backward_callback backward = nullptr;
    mt_release_callback released = nullptr;
    void* state = nullptr;
    bool materialize = true;
    size_t input_count = 0;
    std::vector<torch::autograd::SavedVariable> saved;

    ~ManagedNode() override { released(state); }

    std::string name() const override { return "ManagedFunctionBackward"; }

    void release_variables() override {
        for (auto& variable : saved) variable.reset_data();
    }

    variable_list apply(variable_list&& gradients) override {
        if (materialize) {
            for (size_t i = 0; i < gradients.size(); i++)
                if (!gradients[i].defined()) gradients[i] = input_metadata(i).zeros_like();
        }
        variable_list unpacked;
        for (auto& variable : saved) unpacked.push_back(variable.unpack(shared_from_this()));
        auto incoming = owned_pointers(std::move(gradients));
        auto kept = owned_pointers(std::move(unpacked));
        std::vector<void*> results(input_count, nullptr);
        auto status = backward(state, incoming.data(), static_cast<int64_t>(incoming.size()), kept.data(),
                               static_cast<int64_t>(kept.size()), results.data(), static_cast<int64_t>(results.size()));
        variable_list given;
        for (auto* result : results) given.push_back(adopt(result));
        if (status != 0) throw std::runtime_error(callback_error);
        return given;
    }
};

bool contains(const variable_list& list, const at::Tensor& tensor) {
    return std::any_of(list.begin(), list.end(), [&](const at::Tensor& other) { return other.is_same(tensor); });
}

int64_t position(const variable_list& list, const at::Tensor& tensor) {
    for (size_t i = 0; i < list.size(); i++)
        if (list[i].is_same(tensor)) return static_cast<int64_t>(i);
    return -1;
}

// Gives one output its history. An input that is returned unchanged becomes a view of itself, as in PyTorch.
void connect(const std::shared_ptr<ManagedNode>& node, const mt_custom_node& request, const variable_list& inputs, at::Tensor& output,
             bool differentiable) {
    auto input = position(inputs, output);
    if (!differentiable) {
        if (input < 0) output = output.detach();
        node->add_input_metadata(torch::autograd::Node::undefined_input());
    } else if (input >= 0 && request.dirty[input] != 0) {
        torch::autograd::impl::rebase_history(output, torch::autograd::Edge(node, node->add_input_metadata(output)));
    } else {
        if (input >= 0 || output.requires_grad()) output = output.detach();
        torch::autograd::set_history(output, node);
    }
}

int32_t make_node(mt_custom_node& request) {
    auto inputs = list_of(request.inputs, request.input_count);
    auto outputs = list_of(request.outputs, request.output_count);
    auto node = std::shared_ptr<ManagedNode>(new ManagedNode(), torch::autograd::deleteNode);
    node->backward = request.backward;
    node->released = request.released;
    node->state = request.state;
    if (!c10::GradMode::is_enabled() || !torch::autograd::any_variable_requires_grad(inputs)) return 0;

    node->materialize = request.materialize != 0;
    node->input_count = inputs.size();
    node->set_next_edges(torch::autograd::collect_next_edges(inputs));
    for (size_t i = 0; i < outputs.size(); i++) connect(node, request, inputs, outputs[i], request.differentiable[i] != 0);

    auto originals = list_of(request.outputs, request.output_count);
    for (auto& tensor : list_of(request.saved, request.saved_count)) {
        auto index = position(originals, tensor);
        auto is_output = index >= 0 && !contains(inputs, tensor);
        node->saved.emplace_back(is_output ? outputs[index] : tensor, is_output);
    }
    for (size_t i = 0; i < outputs.size(); i++) request.outputs[i] = release(std::move(outputs[i]));
    return 1;
}

}  // namespace
}  // namespace mt

int32_t mt_requires_grad(void* tensor) { return mt::impl(tensor)->requires_grad(); }

int32_t mt_set_requires_grad(void* tensor, int32_t value) {
    return mt::guarded(-1, [&] {
        auto shared = mt::share(tensor);
        TORCH_CHECK(value != 0 || shared.is_leaf(), "you can only change requires_grad flags of leaf variables.");
        shared.requires_grad_(value != 0);
        return 0;
    });
}

int32_t mt_retain_grad(void* tensor) {
    return mt::guarded(-1, [&] {
        mt::share(tensor).retain_grad();
        return 0;
    });
}

void* mt_grad_get(void* tensor) {
    return mt::guarded(static_cast<void*>(nullptr), [&] { return mt::release(at::Tensor(mt::impl(tensor)->grad())); });
}

int32_t mt_grad_set(void* tensor, void* grad) {
    return mt::guarded(-1, [&] {
        auto value = mt::share(grad);
        auto owner = mt::share(tensor);
        TORCH_CHECK(!value.defined() || value.is_sparse() || value.sizes() == owner.sizes(),
                    "assigned grad has data of a different size: found ", value.sizes(), ", expected ", owner.sizes(), ".");
        owner.mutable_grad() = value;
        return 0;
    });
}

int32_t mt_set_data(void* tensor, void* data) {
    return mt::guarded(-1, [&] {
        mt::share(tensor).set_data(mt::share(data));
        return 0;
    });
}

int64_t mt_version_counter(void* tensor) {
    return mt::guarded(int64_t{-1}, [&] { return static_cast<int64_t>(mt::share(tensor)._version()); });
}

const char* mt_grad_fn_name(void* tensor) {
    return mt::guarded(static_cast<const char*>(nullptr), [&]() -> const char* {
        thread_local std::string name;
        auto node = mt::share(tensor).grad_fn();
        if (!node) return nullptr;
        name = node->name();
        return name.c_str();
    });
}

int32_t mt_backward(void** tensors, int64_t count, void** gradients, int32_t retain_graph, int32_t create_graph, void** inputs,
                    int64_t input_count) {
    return mt::guarded(-1, [&] {
        torch::autograd::backward(mt::list_of(tensors, count), mt::gradients_of(gradients, count), retain_graph != 0, create_graph != 0,
                                  mt::list_of(inputs, input_count));
        return 0;
    });
}

int32_t mt_autograd_grad(void** outputs, int64_t count, void** inputs, int64_t input_count, void** gradients, int32_t retain_graph,
                         int32_t create_graph, int32_t allow_unused, void** results) {
    return mt::guarded(-1, [&] {
        auto grads = torch::autograd::grad(mt::list_of(outputs, count), mt::list_of(inputs, input_count),
                                           mt::gradients_of(gradients, count), retain_graph != 0, create_graph != 0, allow_unused != 0);
        for (auto& grad : grads) *results++ = mt::release(std::move(grad));
        return 0;
    });
}

int32_t mt_custom_function(mt_custom_node* node) {
    return mt::guarded(-1, [&] { return mt::make_node(*node); });
}

void mt_callback_error(const char* message) { mt::callback_error = message; }
