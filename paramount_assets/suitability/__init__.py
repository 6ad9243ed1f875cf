"""Whether and how a family may be approached: background checks before any contact. No outcome means silence."""
