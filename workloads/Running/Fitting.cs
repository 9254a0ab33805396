using System.Runtime.InteropServices;
using MlPerfEdu.Generator;

namespace MlPerfEdu.Workloads.Running;

/// <summary>What first uses an entry's sizes and recipe is what finds that they do not fit, in the words of whatever it called.</summary>
static class Fitting
{
    /// <exception cref="RunException">They do not fit; the message has the entry's line.</exception>
    public static T Check<T>(ModelEntry entry, Func<T> first)
    {
        try
        {
            return first();
        }
        // ExternalException is libtorch's.
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or NotSupportedException or ExternalException)
        {
            throw RunErrors.DoesNotFit(entry, error);
        }
    }
}
