"""Outside organisations: what they are asked, what they answer, what they tell by themselves."""
