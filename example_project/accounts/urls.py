from django.urls import path

from example_project.accounts import views

urlpatterns = [
    path("register/", views.RegisterView.as_view(), name="account-register"),
    path("login/", views.LoginView.as_view(), name="account-login"),
    path("logout/", views.logout, name="account-logout"),
    path("me/", views.MeView.as_view(), name="account-me"),
    path("password/", views.PasswordView.as_view(), name="account-password"),
    path("organisers/", views.OrganiserListView.as_view(), name="organiser-list"),
]
