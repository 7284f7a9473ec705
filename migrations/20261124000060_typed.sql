-- A typed figure can be taken back; what was taken back stands in the day book.
grant delete on typed_figures to qingting;
