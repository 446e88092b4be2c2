// What no regular expression can see: where a line begins.
//
// A statement begins in column one, unless a bracket closes there; a row of a table begins with a
// line. Both tokens are empty and stand before the first letter.

#include "tree_sitter/parser.h"

#include <wctype.h>

enum TokenType { STATEMENT, LINE };

void *tree_sitter_interplay_external_scanner_create(void) { return NULL; }

void tree_sitter_interplay_external_scanner_destroy(void *payload) { (void)payload; }

unsigned tree_sitter_interplay_external_scanner_serialize(void *payload, char *buffer) {
  (void)payload;
  (void)buffer;
  return 0;
}

void tree_sitter_interplay_external_scanner_deserialize(void *payload, const char *buffer,
                                                        unsigned length) {
  (void)payload;
  (void)buffer;
  (void)length;
}

bool tree_sitter_interplay_external_scanner_scan(void *payload, TSLexer *lexer,
                                                 const bool *valid_symbols) {
  (void)payload;
  bool is_new_line = lexer->get_column(lexer) == 0;
  while (!lexer->eof(lexer) && iswspace(lexer->lookahead)) {
    is_new_line = is_new_line || lexer->lookahead == '\n';
    lexer->advance(lexer, true);
  }
  int32_t next = lexer->lookahead;
  if (lexer->eof(lexer) || next == '#' || next == '}' || next == ')') {
    return false;
  }
  if (valid_symbols[STATEMENT] && lexer->get_column(lexer) == 0) {
    lexer->result_symbol = STATEMENT;
    return true;
  }
  if (valid_symbols[LINE] && is_new_line) {
    lexer->result_symbol = LINE;
    return true;
  }
  return false;
}
