// The real openai npm client against our /v1: what its users do every day. Needs BASE_URL and API_KEY; exits 1 with the reason.
import assert from 'node:assert/strict';
import OpenAI from 'openai';

const client = new OpenAI({ baseURL: process.env.BASE_URL, apiKey: process.env.API_KEY, maxRetries: 0, timeout: 30_000 });
const messages = [{ role: 'system', content: '短く答えてください。' }, { role: 'user', content: '転入届はいつまでに出しますか' }];

const models = [];
for await (const model of client.models.list()) models.push(model.id);
assert.ok(models.includes('sekisho-extractive'), 'the built-in model is listed');

const whole = await client.chat.completions.create({ model: 'ok', messages });
assert.equal(whole.choices[0].finish_reason, 'stop');
assert.match(whole.choices[0].message.content, /14日以内/);
assert.ok(whole.usage.total_tokens > 0);

const stream = await client.chat.completions.create({ model: 'ok', messages, stream: true, stream_options: { include_usage: true } });
let text = '';
let usage = null;
for await (const chunk of stream) {
  text += chunk.choices[0]?.delta?.content ?? '';
  usage = chunk.usage ?? usage;
}
assert.equal(text, whole.choices[0].message.content);
assert.ok(usage && usage.total_tokens > 0, 'usage comes when it is asked for');

const extractive = await client.chat.completions.create({ model: 'sekisho-extractive', messages: [messages[1]] });
assert.match(extractive.choices[0].message.content, /14日以内/);

const helper = client.chat.completions.stream({ model: 'ok', messages });
assert.equal(await helper.finalContent(), text);

const paced = await client.chat.completions.create({ model: 'paced', messages, stream: true });
let pieces = 0;
for await (const chunk of paced) pieces += chunk.choices[0]?.delta?.content ? 1 : 0;
assert.ok(pieces > 3, 'an answer that is made slowly comes in pieces');

const slow = await client.chat.completions.create({ model: 'slow', messages, stream: true });
for await (const chunk of slow) {
  if (chunk.choices[0]?.delta?.content) break; // leaving the loop aborts the request
}

await assert.rejects(client.chat.completions.create({ model: 'no-such-model', messages }), OpenAI.NotFoundError);
await assert.rejects(client.chat.completions.create({ model: 'error-500', messages }), OpenAI.InternalServerError);
await assert.rejects(client.chat.completions.create({ model: 'ok', messages: [] }), OpenAI.BadRequestError);
const stranger = new OpenAI({ baseURL: process.env.BASE_URL, apiKey: 'sk-shiken-nobody', maxRetries: 0 });
await assert.rejects(stranger.models.list(), OpenAI.AuthenticationError);
console.log('ok');
