using System.Reflection;
using System.Runtime.InteropServices;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MlPerfEdu.Roofline.Count;

/// <summary>
/// Counts a step while the real model runs its forward pass and loss once. Hooks see every module with its input and output, and one rule per
/// type of module says what that costs. What a model computes between its modules is stated there, through <see cref="Counted"/>.
/// </summary>
/// <remarks>
/// Tensors themselves say which gradients the backward pass computes: those that are required. The gradients of a tensor that is read more than
/// once are added up; it is known again by its memory, so a view of it is the same tensor.
/// </remarks>
public sealed partial class ModuleCounter
{
    [ThreadStatic] static ModuleCounter? active;

    readonly List<LayerCount> rows = [];
    readonly HashSet<(nint Address, long Numbers)> tensorsRead = [], parametersRead = [], copies = [];
    readonly HashSet<nint> batch = [];
    readonly Dictionary<string, (long? UniqueRows, TableGradient Gradient)> tables = [];
    readonly Stack<string> scopes = new([""]);
    readonly List<Tensor> kept = [];
    readonly List<Action> removers = [];
    string? kernel;
    int parameterTensors;
    SparseRows sparse;

    /// <summary>The one that counts on this thread; absent while nothing is counted, which is nearly always.</summary>
    public static ModuleCounter? Active => active;

    /// <summary>Counts what <paramref name="step"/> runs. The random stream continues afterwards as if nothing had run.</summary>
    /// <param name="shapesOnly">
    /// New tensors have no memory and nothing is computed. libtorch can do that without convolutions, batch or layer norms and embeddings. For the
    /// whole process: nothing else may make tensors meanwhile.
    /// </param>
    public static StepCount Count(int batch, Action<ModuleCounter> step, bool shapesOnly = false)
    {
        var (outer, counter, device) = (active, new ModuleCounter(), get_default_device());
        using var scope = NewDisposeScope();
        var random = torch.random.get_rng_state();
        try
        {
            active = counter;
            if (shapesOnly)
                set_default_device(META);
            step(counter);
            return new(batch, [.. counter.rows]);
        }
        finally
        {
            active = outer;
            set_default_device(device);
            torch.random.set_rng_state(random);
            counter.removers.ForEach(remove => remove());
            counter.kept.ForEach(tensor => tensor.Dispose());
        }
    }

    /// <summary>Counts what the modules of a model do when they are called.</summary>
    /// <param name="name">Stands before the names of the modules.</param>
    public T Watch<T>(T model, string name = "")
        where T : nn.Module
    {
        Hook(model, name);
        if (model is nn.Module<Tensor, Tensor> whole)
            removers.Add(whole.register_forward_pre_hook((_, x) => Given(x)).remove);
        return model;
    }

    /// <param name="table">The name of an embedding.</param>
    /// <param name="uniqueRows">Different rows that a batch touches, exact or expected; as many as there can be when absent.</param>
    public void Table(string table, long? uniqueRows, TableGradient gradient = TableGradient.Dense) => tables[table] = (uniqueRows, gradient);

    /// <summary>What runs inside is named after it.</summary>
    public void In(string scope, Action run)
    {
        scopes.Push(Join(scopes.Peek(), scope));
        run();
        scopes.Pop();
    }

    /// <summary>Forward only, by code of this project on the weights of a model: libtorch sees nothing of it.</summary>
    public void OwnKernel(string name, Action run)
    {
        using var mode = no_grad();
        kernel = name;
        run();
        kernel = null;
    }

    public void ClipGradientNorm(UpdateStyle style, string layer = "clip") =>
        rows.Add(OptimizerCount.ClipGradientNorm(layer, DenseParameters, parameterTensors, style));

    public void AdamW(UpdateStyle style, string layer = "optimizer") =>
        Update(OptimizerCount.AdamW(layer, DenseParameters, parameterTensors, style));

    /// <summary>Muon for matrices, which multiplies, and one pass of AdamW for everything else.</summary>
    /// <param name="clips">Whether the gradients that AdamW is given are clipped; those of matrices need not be.</param>
    public void Muon(IReadOnlyList<MatrixBlocks> matrices, int iterations, bool clips, string layer = "optimizer")
    {
        var (others, tensors) = (DenseParameters - matrices.Sum(blocks => blocks.Numbers), parameterTensors - matrices.Count);
        if (clips) rows.Add(OptimizerCount.ClipGradientNorm("clip", others, tensors, UpdateStyle.Flat));
        rows.Add(MuonCount.Of($"{layer}.matrices", matrices, iterations));
        Update(OptimizerCount.AdamW(layer, others, tensors, UpdateStyle.Flat));
    }

    public void Adam(UpdateStyle style, bool weightDecay = false, string layer = "optimizer") =>
        Update(OptimizerCount.Adam(layer, DenseParameters, parameterTensors, style, weightDecay));

    // Copies are renewed where the weights are updated.
    void Update(LayerCount optimizer)
    {
        rows.Add(optimizer);
        if (copies.Count > 0)
            rows.Add(CastCount.Copies($"{optimizer.Layer}.copies", copies.Sum(copy => copy.Numbers)));
    }

    public void Sgd(UpdateStyle style, bool momentum = false, string layer = "optimizer") =>
        rows.Add(OptimizerCount.Sgd(layer, DenseParameters, parameterTensors, style, momentum));

    /// <summary>Updates the rows that were looked up in tables with sparse gradients; the others keep their moments.</summary>
    public void SparseAdam(string layer = "sparse optimizer") => rows.Add(SparseOptimizerCount.Adam(layer, sparse));

    /// <summary>Gradient descent on the rows that were looked up, one look-up after another.</summary>
    public void SparseSgd(string layer = "sparse optimizer") => rows.Add(SparseOptimizerCount.Sgd(layer, sparse));

    /// <summary>A trained table outside of libtorch, whose rows are added up per bag, and whose gradients are those of the bags.</summary>
    public void SparseBags(string table, EmbeddingShape shape, long bags)
    {
        var row = EmbeddingCount.Bag(table, shape, bags, TableGradient.Sparse, Gradients.First);
        // The update reads the bags' gradients themselves.
        rows.Add(row with { WeightGradient = default, UniqueBytes = Fp32.Bytes * (shape.Touched + bags * shape.Width) });
        sparse = new(sparse.Parameters + shape.Table, sparse.Listed + shape.Result, sparse.Touched + shape.Touched, sparse.Tables + 1);
    }

    long DenseParameters => rows.Sum(row => row.Parameters) - sparse.Parameters;

    /// <summary>A name that no other row has, within the module that is running.</summary>
    public string Name(string operation)
    {
        var name = Join(scopes.Peek(), operation);
        var same = rows.Count(row => row.Layer == name || row.Layer.StartsWith($"{name} ", StringComparison.Ordinal));
        return same == 0 ? name : $"{name} {same + 1}";
    }

    /// <summary>Which gradients the backward pass computes for a layer.</summary>
    public static Gradients Of(Tensor output, Tensor input, Tensor? weight = null) =>
        new(output.requires_grad && input.requires_grad, output.requires_grad && weight is { requires_grad: true });

    /// <summary>
    /// Adds a row, and before it those of batches that are read for the first time. Gradients of inputs and weights that were read before are
    /// added up; such weights are stored no second time.
    /// </summary>
    /// <param name="layer">As if nothing was read before.</param>
    /// <param name="weightBytes">Bytes of the row that are its weights and their gradients; four or eight for each number when absent.</param>
    public void Add(
        LayerCount layer, Tensor output, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor?> weights = default, long? weightBytes = null)
    {
        foreach (var input in inputs)
            layer = layer with { DataGradient = layer.DataGradient + Read(input, output) };
        if (kernel is not null)
        {
            rows.Add(layer with
            {
                Layer = Join(kernel, layer.Layer),
                Kind = $"{layer.Kind}, {kernel} kernel",
                Parameters = 0,
                Forward = layer.Forward with { Calls = 0 },
                UniqueBytes = 0,
                Operators = [],
            });
            return;
        }

        var (trained, frozen) = (0L, 0L);
        foreach (var weight in weights)
        {
            if (weight is null)
                continue;
            var (numbers, gradient) = (weight.numel(), output.requires_grad && weight.requires_grad);
            if (!parametersRead.Add(Key(weight)))
            {
                layer = layer with
                {
                    WeightGradient = layer.WeightGradient + (gradient ? Accumulation.Of(numbers) : default),
                    UniqueBytes = layer.UniqueBytes - (weightBytes ?? Fp32.Bytes * numbers * (gradient ? 2 : 1)),
                };
            }
            else if (weight.requires_grad)
            {
                trained += numbers;
                parameterTensors++;
            }
            else
            {
                frozen += numbers;
            }
        }

        if (weights.Length > 0 && trained + frozen == 0)
            layer = layer with { Kind = $"{(layer.Kind.StartsWith("embedding", StringComparison.Ordinal) ? "shared" : "tied")} {layer.Kind}" };
        rows.Add(layer with { Parameters = trained, FrozenParameters = frozen });
    }

    /// <summary>The gradient of a tensor that was read before is added to the one that is there.</summary>
    Work Read(Tensor input, Tensor output)
    {
        if (!tensorsRead.Add(Key(input)))
            return output.requires_grad && input.requires_grad && kernel is null ? Accumulation.Of(input.numel()) : default;
        // As long as it is kept, no other tensor has its address.
        if (input.device_type != DeviceType.META)
            kept.Add(input.alias().DetachFromDisposeScope());
        if (input.dtype == ScalarType.Int64)
            Fetch("token fetch", input);
        else if (batch.Contains(THSStorage_data_ptr(input.Handle)))
            Fetch("batch fetch", input);
        return default;
    }

    internal bool WasRead(Tensor tensor) => tensorsRead.Contains(Key(tensor));

    // What the whole model is given is the batch, fetched when a layer first reads it.
    Tensor Given(Tensor x)
    {
        if (!x.requires_grad)
            batch.Add(THSStorage_data_ptr(x.Handle));
        return x;
    }

    // The batch is gathered from the data set: read there, written here.
    void Fetch(string kind, Tensor input)
    {
        var (bytes, before) = (input.element_size() * input.numel(), rows.Count(row => row.InputBytes > 0));
        rows.Add(LayerCount.Of(before == 0 ? "input" : $"input {before + 1}", kind, input.shape) with
        {
            Forward = new Work(0, 0, 2 * bytes, 1),
            UniqueBytes = bytes,
            InputBytes = bytes,
        });
    }

    // Tensors without memory have no address: there, a view is another tensor.
    static (nint Address, long Numbers) Key(Tensor tensor) =>
        (tensor.device_type == DeviceType.META ? tensor.Handle : THSTensor_data(tensor.Handle), tensor.numel());

    static string Join(string scope, string name) => scope.Length == 0 ? name : name.Length == 0 ? scope : $"{scope}.{name}";

    void Hook(nn.Module module, string path)
    {
        foreach (var (name, child) in module.named_children())
        {
            // The items of a list are known by their numbers: names must fit a table.
            Hook(child, IsList(child) ? path : Join(path, name));
        }

        switch (module)
        {
            case EmbeddingBag bag:
                removers.Add(bag.register_forward_hook((_, ids, _, _, y) => { Lookup(path, ids, bag.weight!, y, isBag: true); return y; }).remove);
                break;
            case LSTM lstm:
                removers.Add(lstm.register_forward_hook((_, x, _, y) => { Lstm(path, lstm, x, y.Item1, y.Item2); return y; }).remove);
                break;
            case nn.Module<Tensor, Tensor> one when Rule(one) is { } rule:
                removers.Add(one.register_forward_hook((_, x, y) => { rule(path, x, y); return y; }).remove);
                break;
            default:
                HookContainer(module, path);
                break;
        }
    }

    // A module of TorchSharp's own that does more than to make views or to call others.
    static bool IsOperator(nn.Module module) => module.GetType().Namespace == typeof(TorchSharp.Modules.Linear).Namespace
        && module is not (Sequential or Flatten or Unflatten or TorchSharp.Modules.Identity);

    static bool IsList(nn.Module module) => module.GetType().Name.StartsWith("ModuleList", StringComparison.Ordinal);

    // Modules have as many types of hooks as there are types of inputs; those that get none of these are declared in each type.
    void HookContainer(nn.Module module, string path)
    {
        var before = 0;
        var hasParameters = module.named_parameters(recurse: false).Any();
        Register("register_forward_pre_hook", _ =>
        {
            scopes.Push(path);
            before = rows.Count;
        });
        Register("register_forward_hook", _ =>
        {
            scopes.Pop();
            if (rows.Count == before && kernel is null && (hasParameters || IsOperator(module)))
            {
                throw new InvalidOperationException(
                    $"Module '{path}' ({module.GetType().Name}) has no rule and states no work; expected one of both. Build it from modules "
                    + $"that have a rule and from functions of {nameof(Counted)}, or add a rule to roofline/Count/ModuleCounter.Modules.cs.");
            }
        });

        void Register(string method, Action<nn.Module> hook)
        {
            if (module.GetType().GetMethod(method, [typeof(Action<nn.Module>)])?.Invoke(module, [hook]) is { } remover)
                removers.Add(remover.GetType().GetMethod("remove")!.CreateDelegate<Action>(remover));
        }
    }

    [LibraryImport("LibTorchSharp")]
    private static partial nint THSTensor_data(nint tensor);

    [LibraryImport("LibTorchSharp")]
    private static partial nint THSStorage_data_ptr(nint tensor);
}
