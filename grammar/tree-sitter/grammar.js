// The tree-sitter grammar of Interplay.
//
// The shapes of the language (declaration, clause, block, table, question, call, decision table)
// are nodes; inside a value, words and operators stand in a row as they are written. The words
// themselves come from words.json, which is made of the tables that Interplay's own lexer, parser
// and checker read; a test of the workspace holds it current.

const words = require('./words.json');

const WORD = /[\p{L}_][\p{L}\p{N}_]*/;
const LABEL = /[\p{L}_][\p{L}\p{N}_]*[ \t]*:/;
const TEXT = /"([^"\\\r\n]|\\[^\r\n])*"/;

const phrase = text => (text.includes(' ') ? seq(...text.split(' ')) : text);

const commas = rule => seq(rule, repeat(seq(',', rule)), optional(','));

module.exports = grammar({
  name: 'interplay',

  // Where a statement begins (column one), and where a line of a table does.
  externals: $ => [$._statement, $._line],

  extras: $ => [/\s/, $.comment],

  word: $ => $.word,

  // A word after a value may go on with it, or open a block: what follows the word decides.
  conflicts: $ => [[$.value], [$.question]],

  rules: {
    program: $ => repeat($.statement),

    statement: $ => seq($._statement, choice($.declaration, $.question)),

    // Declarations

    declaration: $ => seq(
      field('kind', $.kind),
      field('name', choice($.path, $.text)),
      repeat($._header),
      optional(choice(field('body', $.block), seq('=', field('body', $.value)))),
    ),

    kind: $ => choice(...words.declarations.map(phrase)),

    path: $ => prec.right(1, seq($.word, repeat($.member))),

    // A sign of equality ends the header: what follows is the body.
    _header: $ => choice($.header, $._part, ','),

    header: $ => prec(1, choice(...words.headers.filter(word => !words.reserved.includes(word)))),

    // Blocks

    block: $ => seq('{', repeat(seq($._item, optional(','))), '}'),

    _item: $ => choice($.clause, $.show, $.expect, $.given, $.cases, $.tree, $.nested),

    clause: $ => seq(optional(choice('for', 'with', 'expect')), field('label', choice($.label, $.key)), field('value', $.value)),

    label: $ => token(LABEL),

    // A text, a number, a date or a period before a colon.
    key: $ => token(seq(choice(TEXT, /\d[\p{L}\p{N}.-]*/), /[ \t]*:/)),

    value: $ => seq(
      choice($.map, $._element),
      repeat(choice($._element, seq(',', $._element))),
    ),

    show: $ => seq(alias('show:', $.label), $.question),

    expect: $ => seq(alias('expect:', $.label), $.question),

    nested: $ => prec(-1, seq($.word, optional($.word), $.block)),

    given: $ => seq(
      'given', field('record', $.word), optional(seq('from', field('organisation', $.word))),
      optional(seq('covers', repeat1(choice($.date, $.period, $.number, '..')))),
      $.table,
    ),

    // `for each { … }` in a test: a row is a case.
    cases: $ => seq('for', 'each', $.table),

    // `tree { … }` of a code list with levels.
    tree: $ => seq('tree', $.table),

    table: $ => seq('{', repeat($.row), '}'),

    row: $ => seq($._line, repeat1(choice($.cell, '|'))),

    cell: $ => /[^|\s}#][^|\s]*([ \t]+[^|\s#][^|\s]*)*/,

    // Questions

    question: $ => seq(
      field('verb', $.verb),
      repeat(choice($._element, ',', seq(choice('periods', 'is'), $.map))),
    ),

    verb: $ => choice(...words.verbs, $.word),

    // Values: words and operators in a row

    _element: $ => choice($._part, alias('=', $.operator)),

    _part: $ => choice(
      $.aggregate, $.unit, $.reserved, $.constant, $.call, $.member, $.name,
      $.choose, $.parenthesised,
      $.number, $.ordinal, $.date, $.period, $.month_day, $.text, $.column,
      $.operator,
    ),

    name: $ => prec(-1, choice($.word, 'tree')),

    aggregate: $ => choice(...words.aggregates),

    // `days` before `of` is an aggregate.
    unit: $ => choice(...words.timeUnits.filter(word => !words.aggregates.includes(word))),

    reserved: $ => choice(...words.reserved.filter(word => !['choose', 'missing', 'unknown'].includes(word))),

    constant: $ => choice('missing', 'unknown'),

    call: $ => prec(1, seq(field('function', $.word), $.arguments)),

    arguments: $ => seq('(', optional(commas(seq(optional($.label), choice($.map, repeat1($._element))))), ')'),

    parenthesised: $ => seq('(', commas(repeat1($._element)), ')'),

    member: $ => seq(token.immediate('.'), $._any_word),

    _any_word: $ => choice($.word, $.aggregate, $.unit, $.reserved, $.constant, 'choose', 'given'),

    map: $ => seq('{', repeat(seq(choice($.label, $.key), field('value', $.value), optional(','))), '}'),

    choose: $ => seq('choose', '{', repeat(choice($._element, '->', ',')), '}'),

    operator: $ => choice('≈', '<', '>', '<=', '>=', '+', '-', '*', '/', '..', '?', '%'),

    // Tokens

    word: $ => token(WORD),
    number: $ => token(/\d+(\.\d+)?/),
    ordinal: $ => token(/\d+(st|nd|rd|th)/),
    date: $ => token(/\d{4}-\d{2}-\d{2}/),
    period: $ => token(/\d{4}-(Q\d|W\d{2}|\d{2})/),
    month_day: $ => token(/\d{2}-\d{2}/),
    text: $ => token(TEXT),
    column: $ => token(/`[^`\r\n]+`/),
    comment: $ => token(/#[^\n]*/),
  },
});
