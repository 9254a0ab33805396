using System.Diagnostics;
using MlPerfEdu.Data;
using MlPerfEdu.Workloads.Agent.NanoCodegen;

namespace MlPerfEdu.Workloads.Tests.Agent;

public class SandboxTests
{
    // Of the argument of the test below, 6 is the sum.
    static readonly CodeTest[] Tests = [new("[3,1,2]", "6")];

    public static TheoryData<string, string> Hostile => new()
    {
        { "loops for ever", "function f(a){while(true){}}" },
        { "loops for ever at once", "for(;;){}" },
        { "loops without statements", "function f(a){for(let i=0;;i++);}" },
        { "loops in a condition", "function f(a){while((()=>true)());return 6}" },
        { "catches its end", "function f(a){for(;;){try{for(;;){}}catch(e){}finally{continue}}}" },
        { "a list that grows", "function f(a){for(;;)a.push(...a)}" },
        { "a text that doubles", "function f(a){let s='x';for(;;)s+=s}" },
        { "a text repeated", "function f(a){return 'x'.repeat(1<<30)}" },
        { "a text padded", "function f(a){return 'x'.padEnd(1e9)}" },
        { "a list of two billion", "function f(a){return new Array(2e9).fill(7)}" },
        { "a list from a length", "function f(a){return Array.from({length:1e9},(_,i)=>i)}" },
        { "a list by a hole", "function f(a){a[4e9]=1;a.length=4e9;return a.map(x=>x)}" },
        { "lists in lists", "function f(a){let r=[];for(;;)r=[r,r,r]}" },
        { "a buffer", "function f(a){return new Uint8Array(2e9).length}" },
        { "a huge number", "function f(a){return 9n**9n**9n>0n?6:0}" },
        { "calls itself", "function f(a){return f(a)}" },
        { "calls itself by a getter", "const o={get x(){return this.x}};function f(a){return o.x}" },
        { "calls itself by a proxy", "function f(a){const p=new Proxy({},{get(t,k,r){return r[k]}});return p.x}" },
        { "calls itself in text", "const o={toString(){return ''+this}};function f(a){return ''+o}" },
        { "calls itself in JSON", "function f(a){const o={};o.o=o;return JSON.stringify(o)}" },
        { "a deep expression", "function f(a){return " + new string('(', 50_000) + "6" + new string(')', 50_000) + "}" },
        { "a deep list", "function f(a){let r=[];for(let i=0;i<50000;i++)r=[r];return r}" },
        { "reads a file", "function f(a){return require('fs').readFileSync('/etc/passwd')}" },
        { "imports a module", "import fs from 'fs';function f(a){return fs}" },
        { "imports at run time", "function f(a){import('fs').then(m=>m);return System.IO.File.ReadAllText('/etc/passwd')}" },
        { "opens a socket", "function f(a){return fetch('http://127.0.0.1/')}" },
        { "asks the host", "function f(a){return System.Environment.Exit(1)}" },
        { "asks for the host's types", "function f(a){return importNamespace('System').Environment.Exit(1)}" },
        { "ends the process", "function f(a){process.exit(1)}" },
        { "looks for the host in an object", "function f(a){return a.GetType().Assembly.FullName}" },
        { "makes code from text", "function f(a){return eval('6')}" },
        { "makes a function from text", "function f(a){return Function('return 6')()}" },
        { "makes one by a constructor", "function f(a){return (()=>{}).constructor('return 6')()}" },
        { "throws", "function f(a){throw 1}" },
        { "throws itself", "function f(a){const e={};e.cause=e;Object.defineProperty(e,'message',{get(){throw e}});throw e}" },
        { "is no program", "function f(a){return" },
        { "has no function", "var g=1" },
        { "a regular expression", "function f(a){return /^(a+)+$/.test('a'.repeat(40)+'b')}" },
        { "promises for ever", "function f(a){const g=()=>Promise.resolve().then(g);g();return new Promise(()=>{})}" },
        { "generates for ever", "function f(a){function* g(){for(;;)yield 1}return [...g()]}" },
        { "sorts for ever", "function f(a){return a.sort(()=>{for(;;);})}" },
        { "changes JSON", "JSON.stringify=()=>'6';function f(a){return 5}" },
        { "changes lists", "Array.prototype.reduce=function(){for(;;);};function f(a){return a.reduce((s,x)=>s+x,0)}" },
        { "a getter that never ends", "function f(a){return {get x(){for(;;);},toJSON(){return this.x}}}" },
        { "deep JSON", "function f(a){return JSON.parse('['.repeat(90000)+']'.repeat(90000))}" },
        { "long JSON, again and again", "const s='['+'1,'.repeat(49000)+'1]';function f(a){let n=0;for(let i=0;i<9999;i++)n+=JSON.parse(s).length;return n}" },
        { "a split, again and again", "const s='x'.repeat(100000);function f(a){let n=0;for(let i=0;i<9999;i++)n+=s.split('').join('y').length;return n}" },
        { "one call without end", "function f(a){return Array.prototype.includes.call({length:2**53-1},7)}" },
        { "waits", "function f(a){Atomics.wait(new Int32Array(new SharedArrayBuffer(4)),0,0);return 6}" },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void A_hostile_program_fails_and_this_process_lives_on(string what, string program)
    {
        var began = Stopwatch.GetTimestamp();
        var verdict = Sandbox.Run(program, Tests);
        Assert.True(verdict != Verdict.Passed, $"{what}: {verdict}");
        // It returned at all: how long it took says more about the machine.
        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromMinutes(1), what);
        Assert.Equal(Verdict.Passed, Sandbox.Run("function f(a){return a.reduce((s,x)=>s+x,0)}", Tests));
    }

    [Theory]
    [InlineData("function f(a){return 5}", Verdict.WrongValue)]
    [InlineData("function f(a){return '6'}", Verdict.WrongValue)]
    [InlineData("function f(a){return}", Verdict.WrongValue)]
    [InlineData("function f(a){throw 6}", Verdict.Threw)]
    [InlineData("function f(a){", Verdict.Threw)]
    [InlineData("for(;;){}", Verdict.Stopped)]
    [InlineData("function f(a){return 6}", Verdict.Passed)]
    internal void Each_failure_has_its_name(string program, Verdict expected) => Assert.Equal(expected, Sandbox.Run(program, Tests));

    [Fact]
    public void A_program_has_to_pass_every_test() => Assert.Equal(Verdict.WrongValue, Sandbox.Run("function f(a){return 6}", [.. Tests, new("[1]", "1")]));

    [Fact]
    public void Every_program_of_the_tasks_solves_its_problem()
    {
        var tasks = SyntheticTasks.Generate(new("synthetic-tasks", 3, 500, 600));
        Assert.All(tasks.Train.Concat(tasks.Test).OfType<CodeTask>(), task => Assert.True(Sandbox.Run(task.Program, task.Tests) == Verdict.Passed, task.Text));
    }
}
