using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Telemt.Worker.Configuration.Editing;
using Telemt.Worker.Configuration.Schema;
using Telemt.Worker.Configuration.Toml.Editing;
using Telemt.Worker.Control.Http;

namespace Telemt.Worker.Control.Api;

/// <summary>The users of telemt.toml: read, and edited with If-Match, so that two editors cannot overwrite each other.</summary>
internal sealed class UserApi(UserView view, UserEditor editor, UserLinks links, StatusView status, ILogger<UserApi> log)
{
    /// <summary>Users between two flushes: the list is never whole in memory.</summary>
    private const int FlushEvery = 200;

    private const string NameKey = "name";

    /// <summary>What a user may be given, by the names of telemt.toml.</summary>
    private static readonly string[] Keys = [.. UserKeys.Own.Common.Select(key => key.Name)];

    public async Task ListAsync(HttpContext context)
    {
        if (UserQuery.Parse(context.Request.Query, out var problem) is not { } query)
        {
            await problem!.WriteAsync(context);
            return;
        }

        context.Response.ContentType = Reply.Json;
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        var (users, matched, total) = query.Apply(view, await view.ReadFiguresAsync(context.RequestAborted));
        await using var writer = new Utf8JsonWriter(context.Response.BodyWriter);
        writer.WriteStartObject();
        writer.WriteNumber("total", total);
        writer.WriteNumber("matched", matched);
        writer.WritePropertyName("edits");
        JsonSerializer.Serialize(writer, status.Edits(), ControlJson.Default.EditsDocument);
        writer.WriteStartArray("users");
        var sent = 0;
        foreach (var user in users)
        {
            JsonSerializer.Serialize(writer, user, ControlJson.Default.UserDocument);
            if (++sent % FlushEvery == 0)
            {
                await writer.FlushAsync(context.RequestAborted);
                await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
            }
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        await writer.FlushAsync(context.RequestAborted);
    }

    public Task GetAsync(HttpContext context) => WriteUserAsync(context, NameOf(context));

    public Task LinksAsync(HttpContext context)
    {
        var name = NameOf(context);
        return links.Find(name) is { } found
            ? Reply.WriteAsync(context, found, ControlJson.Default.LinksDocument)
            : Nobody(name).WriteAsync(context);
    }

    public async Task AddAsync(HttpContext context)
    {
        var (body, problem) = await RequestBody.ReadAsync(context.Request);
        using (body)
        {
            if (body is null)
            {
                await problem!.WriteAsync(context);
                return;
            }

            var (name, secret, keys) = Read(body.RootElement, out problem);
            problem ??= name is null ? Problem.Of(StatusCodes.Status400BadRequest, "name is missing") : null;
            problem ??= await editor.AddAsync(
                name!, secret ?? UserEdit.NewSecret(), [.. keys.Select(key => (key.Key, key.Value!))], context.RequestAborted);
            if (problem is not null)
            {
                await problem.WriteAsync(context);
                return;
            }

            Tell(context, $"user {name} added");
            context.Response.Headers.Location = $"{ApiRoutes.Root}/users/{Uri.EscapeDataString(name!)}";
            await WriteUserAsync(context, name!, StatusCodes.Status201Created);
        }
    }

    public async Task ChangeAsync(HttpContext context)
    {
        var (body, problem) = await RequestBody.ReadAsync(context.Request);
        using (body)
        {
            var user = NameOf(context);
            var keys = new List<(string Key, TomlLiteral? Value)>();
            if (body is not null)
            {
                (var name, var secret, keys) = Read(body.RootElement, out problem);
                problem ??= name is null && secret is null
                    ? null
                    : Problem.Of(StatusCodes.Status400BadRequest, "a name cannot be changed, and a secret is changed by rotate");
            }

            if (problem is not null)
            {
                await problem.WriteAsync(context);
                return;
            }

            await EditAsync(
                context,
                user,
                toml => keys.Select(key => Change(toml, user, key.Key, key.Value)).FirstOrDefault(refusal => refusal is not null),
                $"user {user}: {string.Join(", ", keys.Select(key => key.Key))} changed");
        }
    }

    public Task RotateAsync(HttpContext context)
    {
        var name = NameOf(context);
        return EditAsync(context, name, toml => UserEdit.SetSecret(toml, name, UserEdit.NewSecret()), $"user {name}: new secret");
    }

    public Task RemoveAsync(HttpContext context)
    {
        var name = NameOf(context);
        return EditAsync(context, name, toml => UserEdit.Remove(toml, name), $"user {name} removed", isGone: true);
    }

    private async Task EditAsync(HttpContext context, string name, Func<TomlEditor, EditRefusal?> edit, string said, bool isGone = false)
    {
        var tags = context.Request.Headers.IfMatch.ToString();
        var problem = tags.Length == 0
            ? Problem.Of(StatusCodes.Status428PreconditionRequired, "send If-Match with the user's etag, or * to change whatever is there")
            : await editor.EditAsync(name, tags, edit, context.RequestAborted);
        if (problem is not null)
        {
            await problem.WriteAsync(context);
            return;
        }

        Tell(context, said);
        if (isGone)
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        await WriteUserAsync(context, name);
    }

    private async Task WriteUserAsync(HttpContext context, string name, int code = StatusCodes.Status200OK)
    {
        if (await view.FindAsync(name, context.RequestAborted) is not { } user)
        {
            await Nobody(name).WriteAsync(context);
            return;
        }

        context.Response.Headers.ETag = user.Etag;
        await Reply.WriteAsync(context, user, ControlJson.Default.UserDocument, code);
    }

    private static EditRefusal? Change(TomlEditor toml, string name, string key, TomlLiteral? value) =>
        key == UserKeys.Own.Enabled.Name && value?.Text is "true" or "false"
            ? UserEdit.SetEnabled(toml, name, value!.Text == "true")
            : UserEdit.Set(toml, name, key, value);

    /// <summary>The rules of the file judge the values; here they only become TOML. Null takes a key out.</summary>
    private static (string? Name, string? Secret, List<(string Key, TomlLiteral? Value)> Keys) Read(JsonElement body, out Problem? problem)
    {
        string? name = null, secret = null;
        var keys = new List<(string, TomlLiteral?)>();
        problem = null;
        foreach (var property in body.EnumerateObject())
        {
            var value = property.Value;
            if (property.Name == NameKey && value.ValueKind == JsonValueKind.String)
            {
                name = value.GetString();
            }
            else if (property.Name == UserKeys.Own.Secret.Name && value.ValueKind == JsonValueKind.String)
            {
                secret = value.GetString();
            }
            else if (Keys.Contains(property.Name) && TryLiteral(value, out var literal))
            {
                keys.Add((property.Name, literal));
            }
            else
            {
                problem = Problem.Of(
                    StatusCodes.Status400BadRequest,
                    Keys.Contains(property.Name)
                        ? $"{property.Name} is neither text, a whole number, true, false nor null"
                        : $"\"{property.Name}\" is not known here; known are {string.Join(", ", Keys)}");
            }
        }

        return (name, secret, keys);
    }

    private static bool TryLiteral(JsonElement value, out TomlLiteral? literal)
    {
        literal = value.ValueKind switch
        {
            JsonValueKind.String => TomlLiteral.Of(value.GetString()!),
            JsonValueKind.True => TomlLiteral.Of(true),
            JsonValueKind.False => TomlLiteral.Of(false),
            JsonValueKind.Number when value.TryGetInt64(out var number) => TomlLiteral.Of(number),
            _ => null,
        };
        return literal is not null || value.ValueKind == JsonValueKind.Null;
    }

    /// <summary>
    /// From the request as it was sent: the server resolves %2F differently from the rest, and any name that telemt.toml allows must be
    /// told from every other.
    /// </summary>
    private static string NameOf(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var path = target.Split('?')[0];
        var start = path.IndexOf("/users/", StringComparison.OrdinalIgnoreCase) + "/users/".Length;
        return Uri.UnescapeDataString(path[start..].Split('/')[0]);
    }

    private void Tell(HttpContext context, string said) => log.ControlEdit(context.Connection.RemoteIpAddress?.ToString() ?? "?", said);

    private static Problem Nobody(string name) => Problem.Of(StatusCodes.Status404NotFound, $"there is no user \"{name}\"");
}
