"""How somebody does, week by week, whom a programme helps to live by themselves again."""
