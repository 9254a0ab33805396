using System.Text.RegularExpressions;
using Jint;
using Jint.Runtime;

namespace MlPerfEdu.Workloads.Agent.NanoCodegen;

/// <summary>What became of a program.</summary>
enum Verdict
{
    Passed,
    WrongValue,

    /// <summary>It threw, or is no program.</summary>
    Threw,

    /// <summary>A limit stopped it.</summary>
    Stopped,
}

/// <summary>
/// Runs a program that nobody has read: an interpreter that knows no host, no files, no network and no modules, with limits of time, memory, depth,
/// statements and sizes, in a process of its own that is ended when they do not hold. Every program gets a new interpreter.
/// </summary>
static partial class Sandbox
{
    /// <summary>More than a program of the tasks needs a thousand times over.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    const int MostStatements = 20_000, MostDepth = 64, LongestArray = 10_000, StackBytes = 16 << 20;
    const long MostBytes = 32 << 20;

    // Limits are looked at between statements: what takes long or much within one is taken away, or held to a size.
    const string Prelude =
        """
        (() => {
          for (const name of ["BigInt", "ArrayBuffer", "SharedArrayBuffer", "Atomics", "DataView", "WeakRef", "FinalizationRegistry", "Intl", "Temporal",
              "Int8Array", "Uint8Array", "Uint8ClampedArray", "Int16Array", "Uint16Array", "Int32Array", "Uint32Array", "BigInt64Array", "BigUint64Array",
              "Float16Array", "Float32Array", "Float64Array", "ShadowRealm"]) delete globalThis[name];
          const longest = 100000;
          const held = (name, size) => {
            const method = String.prototype[name], apply = Reflect.apply;
            Object.defineProperty(String.prototype, name, { value: function (...given) {
              const text = `${this}`;
              if (!(size(text.length, given) <= longest)) throw new RangeError("too long");
              return apply(method, text, given);
            } });
          };
          held("repeat", (length, [times]) => length * times);
          held("padStart", (_, [width]) => width);
          held("padEnd", (_, [width]) => width);
          // What it writes is compared.
          Object.freeze(JSON);
        })();
        """;

    // Numbers without a largest one.
    [GeneratedRegex(@"\d_?n\b")]
    private static partial Regex BigNumber { get; }

    /// <summary>Whether the program's function f gives the result of every test.</summary>
    public static Verdict Run(string program, IReadOnlyList<CodeTest> tests) => SandboxProcess.Run(program, tests);

    /// <summary>The same in this process, which a program may end.</summary>
    public static Verdict RunHere(string program, IReadOnlyList<CodeTest> tests)
    {
        // Depth is limited, too; so much of it fits this stack.
        var verdict = Verdict.Stopped;
        var thread = new Thread(() => verdict = Judge(program, tests), StackBytes) { IsBackground = true, Name = nameof(Sandbox) };
        thread.Start();
        thread.Join();
        return verdict;
    }

    static Verdict Judge(string program, IReadOnlyList<CodeTest> tests)
    {
        if (BigNumber.IsMatch(program)) return Verdict.Stopped;
        try
        {
            using var engine = NewEngine();
            engine.Execute(Prelude);
            engine.Execute(program);
            return tests.All(test => Text(engine, test.Argument) == test.Result) ? Verdict.Passed : Verdict.WrongValue;
        }
        catch (Exception error) when (error is JavaScriptException or PromiseRejectedException or ScriptPreparationException or Acornima.ParseErrorException)
        {
            return Verdict.Threw;
        }
        // Limits have exceptions of their own, and whatever else an interpreter throws is no result either.
        catch (Exception)
        {
            return Verdict.Stopped;
        }
    }

    // The argument is text from the tasks; what comes back is compared as text, too, and no object of the program's is looked into here.
    static string Text(Jint.Engine engine, string argument) => engine.Evaluate($"JSON.stringify(f({argument}))") is { } text && text.IsString() ? text.AsString() : "";

    static Jint.Engine NewEngine() => new(options =>
    {
        options.Strict().TimeoutInterval(Longest).LimitMemory(MostBytes).MaxStatements(MostStatements).LimitRecursion(MostDepth)
            .MaxArraySize(LongestArray).RegexTimeoutInterval(Longest).DisableStringCompilation().Culture(System.Globalization.CultureInfo.InvariantCulture);
        options.Constraints.StackOverflowGuard = true;
    });
}
