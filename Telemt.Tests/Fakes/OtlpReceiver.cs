using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Telemt.Tests.EndToEnd;

namespace Telemt.Tests.Fakes;

/// <summary>An OTLP collector that takes metrics, spans and logs by gRPC or by HTTP, as the protocol's .proto files number them.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<OtlpPoint> _points = new();
    private readonly ConcurrentQueue<OtlpSpan> _spans = new();
    private readonly ConcurrentQueue<(string Service, string Text, string Category)> _logs = new();
    private readonly ConcurrentQueue<string> _headers = new();
    private volatile TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private OtlpReceiver(bool grpc, int port)
    {
        Endpoint = $"http://127.0.0.1:{port}";
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(
            IPAddress.Loopback, port, options => options.Protocols = grpc ? HttpProtocols.Http2 : HttpProtocols.Http1));
        _app = builder.Build();
        _app.Run(context => ServeAsync(context, grpc));
    }

    public string Endpoint { get; }

    public IReadOnlyCollection<OtlpPoint> Points => _points;

    public IReadOnlyCollection<OtlpSpan> Spans => _spans;

    public IReadOnlyCollection<(string Service, string Text, string Category)> Logs => _logs;

    /// <summary>What came as "authorization".</summary>
    public IReadOnlyCollection<string> Authorizations => _headers;

    public static async Task<OtlpReceiver> StartAsync(bool grpc, int? port = null)
    {
        var receiver = new OtlpReceiver(grpc, port ?? Ports.Free());
        await receiver._app.StartAsync();
        return receiver;
    }

    public IEnumerable<OtlpPoint> Of(string metric) => _points.Where(point => point.Metric == metric);

    /// <summary>The next export, of whatever kind.</summary>
    public Task NextAsync(CancellationToken cancellation) => _next.Task.WaitAsync(cancellation);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task ServeAsync(HttpContext context, bool grpc)
    {
        var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        _headers.Enqueue(context.Request.Headers.Authorization.ToString());

        // gRPC: a byte of compression and four of length in front of the message.
        var message = new Protobuf(body.ToArray().AsMemory(grpc ? 5 : 0));
        var path = context.Request.Path.Value!;
        if (path.EndsWith("MetricsService/Export") || path == "/v1/metrics")
        {
            Metrics(message);
        }
        else if (path.EndsWith("TraceService/Export") || path == "/v1/traces")
        {
            Traces(message);
        }
        else if (path.EndsWith("LogsService/Export") || path == "/v1/logs")
        {
            Records(message);
        }
        else
        {
            context.Response.StatusCode = 404;
            return;
        }

        Interlocked.Exchange(ref _next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        context.Response.ContentType = grpc ? "application/grpc" : "application/x-protobuf";
        if (grpc)
        {
            await context.Response.Body.WriteAsync(new byte[5]);
            context.Response.AppendTrailer("grpc-status", "0");
        }
    }

    private void Metrics(Protobuf request)
    {
        foreach (var resource in request.Messages(1))
        {
            var service = ServiceOf(resource);
            foreach (var metric in resource.Messages(2).SelectMany(scope => scope.Messages(2)))
            {
                foreach (var kind in (int[])[5, 7, 9])
                {
                    foreach (var point in metric.Messages(kind).SelectMany(data => data.Messages(1)))
                    {
                        var isHistogram = kind == 9;
                        _points.Enqueue(new OtlpPoint(
                            service,
                            metric.Text(1),
                            metric.Text(3),
                            kind switch { 5 => "gauge", 7 => metric.Messages(7).First().Number(3) == 1 ? "counter" : "updowncounter", _ => "histogram" },
                            Attributes(point, isHistogram ? 9 : 7),
                            isHistogram ? point.Number(4)!.Value : Value(point),
                            isHistogram ? point.Messages(8).Count() : 0));
                    }
                }
            }
        }
    }

    private void Traces(Protobuf request)
    {
        foreach (var resource in request.Messages(1))
        {
            foreach (var span in resource.Messages(2).SelectMany(scope => scope.Messages(2)))
            {
                _spans.Enqueue(new OtlpSpan(
                    span.Text(5),
                    Convert.ToHexString(span.Bytes(1)),
                    Convert.ToHexString(span.Bytes(2)),
                    Convert.ToHexString(span.Bytes(4)),
                    span.Number(7)!.Value,
                    span.Number(8)!.Value,
                    Attributes(span, 9),
                    span.Messages(15).Any(status => status.Number(3) == 2)));
            }
        }
    }

    private void Records(Protobuf request)
    {
        foreach (var resource in request.Messages(1))
        {
            foreach (var scope in resource.Messages(2))
            {
                foreach (var record in scope.Messages(2))
                {
                    _logs.Enqueue((ServiceOf(resource), record.Messages(5).First().Text(1), scope.Messages(1).First().Text(1)));
                }
            }
        }
    }

    private static string ServiceOf(Protobuf resource) => Attributes(resource.Messages(1).First(), 1).GetValueOrDefault("service.name", "");

    /// <summary>as_double or as_int.</summary>
    private static double Value(Protobuf point) =>
        point.Number(4) is { } real ? BitConverter.UInt64BitsToDouble(real) : (long)point.Number(6)!.Value;

    private static Dictionary<string, string> Attributes(Protobuf of, int field) => of.Messages(field).ToDictionary(
        pair => pair.Text(1),
        pair =>
        {
            var value = pair.Messages(2).First();
            return value.Number(3) is { } number ? ((long)number).ToString() : value.Text(1);
        });
}

/// <param name="Value">Of a histogram its count.</param>
internal sealed record OtlpPoint(
    string Service, string Metric, string Unit, string Kind, IReadOnlyDictionary<string, string> Attributes, double Value, int Exemplars);

internal sealed record OtlpSpan(
    string Name, string Trace, string Id, string Parent, ulong Start, ulong End, IReadOnlyDictionary<string, string> Attributes, bool IsError);
