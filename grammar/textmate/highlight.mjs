// Highlights a rule file with the TextMate grammar, as an editor would, and writes a page.
//
//   npm install vscode-textmate vscode-oniguruma
//   node highlight.mjs ../sample.interplay > ../sample.html

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(join(process.cwd(), 'package.json'));
const textmate = require('vscode-textmate');
const oniguruma = require('vscode-oniguruma');

const here = dirname(fileURLToPath(import.meta.url));
const wasm = join(dirname(require.resolve('vscode-oniguruma')), 'onig.wasm');
await oniguruma.loadWASM(readFileSync(wasm).buffer);

const registry = new textmate.Registry({
  onigLib: Promise.resolve({
    createOnigScanner: patterns => new oniguruma.OnigScanner(patterns),
    createOnigString: text => new oniguruma.OnigString(text),
  }),
  loadGrammar: async () => {
    const path = join(here, 'interplay.tmLanguage.json');
    return textmate.parseRawGrammar(readFileSync(path, 'utf8'), path);
  },
});
const grammar = await registry.loadGrammar('source.interplay');

const STYLES = [
  ['comment', 'c'], ['string', 's'], ['constant.numeric', 'n'], ['constant.other.code', 'o'],
  ['constant', 'k'], ['keyword.operator.word', 'k'], ['keyword.operator', 'p'], ['keyword', 'k'],
  ['entity.name.type', 't'], ['entity.name.function', 'f'], ['support.function', 'f'],
  ['entity.other.attribute-name', 'l'], ['variable.other.column', 'u'], ['support.type', 'n'],
];
const escaped = text => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

let stack = textmate.INITIAL;
const lines = readFileSync(process.argv[2], 'utf8').replace(/\n$/, '').split('\n').map(line => {
  const { tokens, ruleStack } = grammar.tokenizeLine(line, stack);
  stack = ruleStack;
  return tokens.map(token => {
    const text = escaped(line.slice(token.startIndex, token.endIndex));
    const scope = token.scopes.at(-1);
    const style = STYLES.find(([prefix]) => scope.startsWith(prefix));
    const title = scope.replace('.interplay', '');
    return style ? `<span class="${style[1]}" title="${title}">${text}</span>` : text;
  }).join('');
});

console.log(`<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<title>Interplay, highlighted</title>
<style>
pre { font: 15px/1.5 monospace; color: #222; background: #fff; padding: 1em }
.c { color: #6a737d; font-style: italic } .s { color: #22863a } .n { color: #005cc5 }
.o { color: #6f42c1 } .k { color: #b31d28 } .p { color: #555 } .t { color: #6f42c1; font-weight: bold }
.f { color: #8250df } .l { color: #0550ae } .u { color: #953800 }
</style>
<pre>
${lines.join('\n')}
</pre>
</html>`);
