// Which operators ran, on what shapes, how often.
#include "error.h"
#include "mlperfedu_torch.h"

#include <ATen/SparseTensorImpl.h>
#include <ATen/core/ivalue.h>
#include <ATen/record_function.h>

#include <map>
#include <mutex>
#include <sstream>

namespace mt {
namespace {

struct Count {
    int64_t calls = 0;
    int64_t outermost = 0;
};

std::mutex lock;
std::map<std::string, Count> counts;
std::string text;
at::CallbackHandle handle = 0;
bool recording = false;
thread_local int depth = 0;

template <class List>
void write_list(std::ostream& out, const List& list) {
    out << '(';
    for (size_t i = 0; i < list.size(); i++) out << (i == 0 ? "" : ",") << static_cast<int64_t>(list.get(i));
    out << ')';
}

// Not asked of the tensor itself: that would be recorded too.
int64_t stored(const at::Tensor& tensor) { return static_cast<at::SparseTensorImpl*>(tensor.unsafeGetTensorImpl())->nnz(); }

void write_argument(std::ostream& out, const c10::IValue& input) {
    if (input.isTensor() && input.toTensor().defined()) {
        out << input.toTensor().sizes();
        if (input.toTensor().layout() == at::kSparse) out << '/' << stored(input.toTensor());
    } else if (input.isBool()) {
        out << (input.toBool() ? "true" : "false");
    } else if (input.isIntList()) {
        write_list(out, input.toIntList());
    } else if (input.isBoolList()) {
        write_list(out, input.toBoolList());
    } else if (input.isTensorList()) {
        out << '{';
        for (const at::Tensor& tensor : input.toTensorVector()) out << tensor.sizes();
        out << '}';
    } else {
        out << '-';
    }
}

std::unique_ptr<at::ObserverContext> enter(const at::RecordFunction& function) {
    std::ostringstream row;
    row << function.name() << '\t';
    auto first = true;
    for (const auto& input : function.inputs()) {
        if (!first) row << ';';
        write_argument(row, input);
        first = false;
    }
    std::lock_guard<std::mutex> guard(lock);
    auto& count = counts[row.str()];
    count.calls++;
    if (depth++ == 0) count.outermost++;
    return nullptr;
}

void leave(const at::RecordFunction&, at::ObserverContext*) { depth--; }

}  // namespace
}  // namespace mt

int32_t mt_record_start() {
    return mt::guarded(-1, [&] {
        std::lock_guard<std::mutex> guard(mt::lock);
        TORCH_CHECK(!mt::recording, "Operators are being recorded already: stop that recording first.");
        mt::counts.clear();
        mt::handle = at::addGlobalCallback(
            at::RecordFunctionCallback(mt::enter, mt::leave).needsInputs(true).scopes({at::RecordScope::FUNCTION}));
        mt::recording = true;
        return 0;
    });
}

const char* mt_record_stop() {
    return mt::guarded(static_cast<const char*>(nullptr), [&] {
        std::lock_guard<std::mutex> guard(mt::lock);
        TORCH_CHECK(mt::recording, "No operators are being recorded: start a recording first.");
        at::removeCallback(mt::handle);
        mt::recording = false;
        std::ostringstream rows;
        for (const auto& row : mt::counts) rows << row.first << '\t' << row.second.calls << '\t' << row.second.outermost << '\n';
        mt::text = rows.str();
        return mt::text.c_str();
    });
}
