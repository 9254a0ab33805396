/*
 * The whole surface between the managed assembly and libtorch.
 *
 * Operators are not bound one by one: mt_find_operator looks one up in libtorch's dispatcher and mt_call runs it with a flat
 * array of values. Everything else here is what the dispatcher does not know: lifetime, metadata, autograd, modes, random
 * state, threads, recording, allocation and files.
 *
 * Conventions
 *   - A tensor is an owned pointer: whoever receives one releases it with mt_tensor_release. Tensors passed in are borrowed.
 *   - A function that can fail returns -1 or NULL, and mt_last_error then tells why (valid until the thread's next failure).
 *   - No C++ exception leaves the library.
 */
#ifndef MLPERFEDU_TORCH_H
#define MLPERFEDU_TORCH_H

#include <stdint.h>

#define MT_API extern "C" __attribute__((visibility("default")))

/* What a value holds. A list is a head whose `i` is the count, followed by that many elements. */
enum mt_kind : int64_t {
    MT_NONE = 0,
    MT_INT = 1,
    MT_DOUBLE = 2,
    MT_BOOL = 3,
    MT_TENSOR = 4,
    MT_STRING = 5,          /* p: UTF-8, zero-terminated */
    MT_DEVICE = 6,          /* i: device type * 256 + index + 1 */
    MT_GENERATOR = 7,       /* p: a generator of mt_generator_new or mt_generator_default */
    MT_DEFAULT = 8,         /* the operator's own default for this argument */
    MT_INT_LIST = 16,
    MT_DOUBLE_LIST = 17,
    MT_BOOL_LIST = 18,
    MT_TENSOR_LIST = 19,
    MT_OPTIONAL_TENSOR_LIST = 20
};

struct mt_value {
    int64_t kind;
    union {
        int64_t i;
        double d;
        void* p;
    };
};

struct mt_tensor_info {
    int64_t dim;
    int64_t numel;
    int64_t element_size;
    int64_t storage_offset;
    int32_t dtype;
    int32_t device_type;
    int32_t device_index;
    uint8_t requires_grad;
    uint8_t is_leaf;
    uint8_t is_contiguous;
    uint8_t is_sparse;
};

MT_API const char* mt_last_error();

/* Operators. NULL without an error text: this libtorch has no such operator. */
MT_API void* mt_find_operator(const char* name, const char* overload);
/* Runs an operator and returns how many values it gave. With a capacity of 0 the results are dropped. More than `capacity`:
   nothing is written, and mt_take_results hands them over. Arguments left out get the operator's defaults. */
MT_API int64_t mt_call(void* op, const mt_value* args, int64_t count, mt_value* results, int64_t capacity);
MT_API void mt_take_results(mt_value* results);

/* Tensors. */
MT_API void mt_tensor_release(void* tensor);
MT_API void* mt_tensor_retain(void* tensor);
MT_API void mt_tensor_info_get(void* tensor, mt_tensor_info* info);
MT_API int64_t mt_tensor_dim(void* tensor);
MT_API int64_t mt_tensor_numel(void* tensor);
MT_API int32_t mt_tensor_dtype(void* tensor);
MT_API int64_t mt_tensor_size(void* tensor, int64_t dim);
MT_API void mt_tensor_sizes(void* tensor, int64_t* sizes);
MT_API int32_t mt_tensor_strides(void* tensor, int64_t* strides);
MT_API void* mt_tensor_data(void* tensor);
MT_API void* mt_tensor_storage_data(void* tensor, int64_t* bytes);

/* Autograd. */
MT_API int32_t mt_requires_grad(void* tensor);
MT_API int32_t mt_set_requires_grad(void* tensor, int32_t value);
MT_API int32_t mt_retain_grad(void* tensor);
MT_API void* mt_grad_get(void* tensor);
MT_API int32_t mt_grad_set(void* tensor, void* grad);
MT_API int32_t mt_set_data(void* tensor, void* data);
MT_API int64_t mt_version_counter(void* tensor);
MT_API const char* mt_grad_fn_name(void* tensor);
/* Gradients may be NULL as a whole or element by element. */
MT_API int32_t mt_backward(void** tensors, int64_t count, void** gradients, int32_t retain_graph, int32_t create_graph,
                           void** inputs, int64_t input_count);
MT_API int32_t mt_autograd_grad(void** outputs, int64_t count, void** inputs, int64_t input_count, void** gradients,
                                int32_t retain_graph, int32_t create_graph, int32_t allow_unused, void** results);

/* One node of the graph whose backward is managed code. `backward` gets owned tensors and fills `results` with owned tensors
   or NULL; it returns 0, or -1 after mt_callback_error. `released` is told once, when the node dies. */
typedef int32_t (*mt_backward_callback)(void* state, void** gradients, int64_t gradient_count, void** saved, int64_t saved_count,
                                        void** results, int64_t result_count);
typedef void (*mt_release_callback)(void* state);
struct mt_custom_node {
    void** inputs;              /* every tensor input, in order; NULL for one that is not a tensor */
    int64_t input_count;
    void** outputs;             /* results of the forward pass; replaced by tensors with history */
    int64_t output_count;
    const uint8_t* differentiable;
    const uint8_t* dirty;       /* per input: changed in place by the forward pass */
    void** saved;
    int64_t saved_count;
    int32_t materialize;        /* give zeros, not NULL, for a gradient that nobody computed */
    mt_backward_callback backward;
    mt_release_callback released;
    void* state;
};
/* Returns 1 when a node was made, 0 when no gradient is needed (`released` was told). */
MT_API int32_t mt_custom_function(mt_custom_node* node);
MT_API void mt_callback_error(const char* message);

/* Modes of the calling thread. */
MT_API int32_t mt_grad_enabled();
MT_API void mt_set_grad_enabled(int32_t enabled);
MT_API void* mt_inference_mode_enter(int32_t enabled);
MT_API void mt_inference_mode_leave(void* mode);
MT_API int32_t mt_is_inference_mode();

/* Random numbers. */
MT_API void* mt_generator_default();
MT_API void* mt_generator_new(uint64_t seed);
MT_API void mt_generator_release(void* generator);
MT_API void mt_generator_seed(void* generator, uint64_t seed);
MT_API uint64_t mt_generator_initial_seed(void* generator);
MT_API void* mt_generator_get_state(void* generator);
MT_API int32_t mt_generator_set_state(void* generator, void* state);

/* Groups of processes. Those of one group call the same functions in the same order; tensors are contiguous and changed in place. */
MT_API int32_t mt_group_available();
/* Waits `join_seconds` for all to come, at the address and port where rank 0 listens; later each call waits `answer_seconds`. */
MT_API void* mt_group_join(const char* address, int32_t port, int32_t rank, int32_t size, double join_seconds, double answer_seconds);
MT_API int32_t mt_group_sum(void* group, void* tensor);
MT_API int32_t mt_group_broadcast(void* group, void* tensor, int32_t root);
MT_API int32_t mt_group_barrier(void* group);
MT_API void mt_group_leave(void* group);

/* The process. */
MT_API const char* mt_libtorch_version();
MT_API const char* mt_build_settings();
MT_API int32_t mt_get_num_threads();
MT_API void mt_set_num_threads(int32_t count);
MT_API int32_t mt_get_num_interop_threads();
MT_API int32_t mt_set_num_interop_threads(int32_t count);

/* Which operators ran, with their inputs: shapes of tensors, stored elements of sparse ones, flags and lists. One recording
   at a time. The text has one line per operator and inputs: name, inputs, all calls, calls that no other operator made, separated by tabs; valid until the next stop. */
MT_API int32_t mt_record_start();
MT_API const char* mt_record_stop();

/* Memory. Keeps freed blocks for reuse, up to `bytes`; 0 gives everything back. Returns 0 when there is no such allocator. */
MT_API int32_t mt_keep_large_blocks();
MT_API int32_t mt_cache_limit(int64_t bytes);
/* Gives memory that no tensor uses back to the system. */
MT_API void mt_release_unused();
MT_API void mt_cache_counters(int64_t* cached, int64_t* in_use, int64_t* hits, int64_t* misses);

/* Tensors in libtorch's own file format. */
MT_API int32_t mt_tensor_save(void* tensor, const char* path);
MT_API void* mt_tensor_load(const char* path);

#endif
